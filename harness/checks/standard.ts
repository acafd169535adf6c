import type { EpisodeEvidence, Evidence } from '../record/evidence';
import { accident } from './accident';
import { acknowledgedWrites } from './acknowledged-writes';
import { archive } from './archive';
import type { Check } from './check';
import { content } from './content';
import { databases } from './databases';
import { expectations } from './expectations';
import { fence } from './fence';
import { globals } from './globals';
import { integrity } from './integrity';
import { leader } from './leader';
import { members } from './members';
import { objectives } from './objectives';
import { roles } from './roles';
import { secrets } from './secrets';
import { restoredAside } from './restored-aside';
import { stopPoint } from './stop-point';
import { switchover } from './switchover';
import { timeline } from './timeline';
import { contentExpected, isolatedOnly, withoutLedger } from './without-ledger';

/** What every drill is judged by, in the order of docs/oracle.md. A drill may add checks of its own, never leave one out. */
export const standardChecks: readonly Check[] = [
  accident,
  acknowledgedWrites,
  stopPoint,
  content,
  globals,
  integrity,
  timeline,
  leader,
  roles,
  members,
  archive,
  switchover,
  restoredAside,
  objectives,
  secrets,
];

/** What a recovery without a ledger is judged by beside them (docs/oracle.md, "Without a ledger"). */
const checksWithoutLedger: readonly Check[] = [fence, databases, expectations];

/** Every check that there is. */
export const allChecks: readonly Check[] = [...standardChecks, ...checksWithoutLedger];

/** The checks that belong to evidence, without a drill's own. */
export function checksOf({ episodes }: Evidence): readonly Check[] {
  return episodes.some(withoutLedger) ? allChecks : standardChecks;
}

/** What this version does not look at yet: outside of every verdict, and said in each. */
export const notCovered: readonly string[] = [
  'rows written to the dataset after the baseline, other than by the accident',
];

/** What the verdict on this evidence does not say anything about, in words. */
export function notCoveredIn({ episodes }: Evidence): string[] {
  const alone = episodes.filter(withoutLedger);
  return alone.length === 0 ? [...notCovered] : [...new Set(alone.flatMap(leftOpen))];
}

function leftOpen(episode: EpisodeEvidence): string[] {
  const { baseline, answers } = contentExpected(episode);
  const members = Object.values(episode.clusters).flatMap((cluster) => Object.values(cluster.members));
  const content =
    'content: no baseline' + (answers ? ', only what --expect asked for' : ' (--baseline FILE) and no --expect');
  return [
    ...(isolatedOnly(episode)
      ? [
          `the cluster: ${episode.recovery?.node ?? 'the recovered node'} is not its leader yet, its other members are as they were`,
        ]
      : []),
    'writes that clients were told of: no ledger',
    ...(baseline ? ['whether passwords of roles are those of the baseline'] : [content]),
    ...(members.some(({ integrity: seen }) => (seen?.without?.length ?? 0) > 0)
      ? ['indexes against their tables where amcheck is not there']
      : []),
    ...(episode.recovery?.discarded || isolatedOnly(episode) ? [] : ['how many transactions the recovery left out']),
  ];
}
