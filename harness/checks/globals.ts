import type { Globals } from '../record/fingerprint';
import type { Finding } from '../record/finding';
import type { Check } from './check';
import { recoveryIsJudged } from './applicability';
import { lookIn } from './look';
import { everyCluster, firstOf, SHOWN, whyAbsent } from './place';
import { contentExpected, withoutLedger } from './without-ledger';

const KINDS = ['roles', 'tablespaces', 'settings', 'databases'] as const;

/** Oracle 4, what belongs to no database: a password of before a rotation comes back with the data, and so does a grant. */
export const globals: Check = {
  id: 'globals',
  version: 1,
  title: 'roles, passwords, tablespaces, settings and attributes of databases are as they were before the accident',
  oracle: 4,
  applies(episode, evidence) {
    const judged = recoveryIsJudged(episode, evidence);
    if (judged !== true || !withoutLedger(episode) || contentExpected(episode).baseline) return judged;
    return 'no baseline: which roles and settings must be there is not known';
  },
  examine: (examined) =>
    everyCluster('globals', examined, ({ place, cluster, members }) => {
      const setAnew = examined.episode.recovery?.passwordsSet ?? [];
      const before = cluster.globalsBefore;
      if (!before) return [place.unverified('roles and tablespaces before the accident', 'were not noted')];
      if (Object.keys(before.roles).length === 0)
        return [place.unverified('roles before the accident', 'none: there is nothing to compare')];
      return members.map(({ name, place: at, member }): Finding => {
        const expected = `${inWords(before)} as before the accident`;
        const now = member.globals;
        if (!now) return at.unverified(expected, whyAbsent(member, 'globals'));
        const unread = KINDS.filter((kind) => (before[kind] === undefined) !== (now[kind] === undefined));
        const wrong = KINDS.flatMap((kind) => (unread.includes(kind) ? [] : differences(kind, before, now, setAnew)));
        if (wrong.length > 0) {
          return at.failed(expected, `${wrong.length} are not: ${firstOf(wrong.map((one) => one.name))}`, [
            ...wrong.slice(0, SHOWN).map((one) => one.line),
            lookIn(name, 'pg_dumpall -U postgres -h localhost --globals-only --no-role-passwords'),
          ]);
        }
        if (unread.length > 0) return at.unverified(expected, `${unread.join(', ')}: not read both times`);
        return at.ok(expected, 'all are');
      });
    }),
};

function inWords(globals: Globals): string {
  return KINDS.map((kind) => `${Object.keys(globals[kind] ?? {}).length} ${kind}`).join(', ');
}

/** @param setAnew roles whose password the recovery set: it was rotated between the target and the accident, or after it */
function differences(
  kind: (typeof KINDS)[number],
  before: Globals,
  now: Globals,
  setAnew: readonly string[],
): { name: string; line: string }[] {
  const [then, here] = [before[kind] ?? {}, now[kind] ?? {}];
  const compared = (name: string, text: string | undefined) =>
    kind === 'roles' && setAnew.includes(name) ? text?.replace(/(?:, |^)password [0-9a-f]{16}$/, '') : text;
  return [...new Set([...Object.keys(then), ...Object.keys(here)])]
    .sort()
    .filter((name) => compared(name, then[name]) !== compared(name, here[name]))
    .map((name) => ({
      name: `${one[kind]} ${name}`,
      line: `${one[kind]} ${name}: ${shown(then[name])} before, ${shown(here[name])} now`,
    }));
}

const one = { roles: 'role', tablespaces: 'tablespace', settings: 'settings of', databases: 'database' } as const;

function shown(text: string | undefined): string {
  if (text === undefined) return 'not there';
  return text === '' ? 'no attribute' : `"${text}"`;
}
