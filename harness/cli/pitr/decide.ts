import type { Cluster } from '../../cluster/cluster';
import { FormatError } from '../../formats/format-error';
import { parseTargetText } from '../../formats/target-text';
import { PgdrillError } from '../../record/errors';
import type { PitrContext } from '../../recovery/pitr';
import type { Look, LookDecision } from '../../recovery/site';
import { targetText, utcText } from './plan-text';
import type { PitrSession } from './session';
import { readTarget } from './target-moment';

/** Asks a person at the terminal how to go on at the target; where there is none, the recovery waits. */
export function deciding(session: PitrSession, cluster: Cluster): Pick<PitrContext, 'decide'> {
  const { asker, view } = session;
  if (!asker.present) return {};
  return {
    decide: async (look) => {
      view.print(lookLines(look).join('\n'));
      return view.aside(() => askUntilAnswered(session, cluster));
    },
  };
}

/** What an isolated node shows that stands at its target. Pure. */
export function lookLines({ node, target, lsn, lastCommit, stop, found, refused }: Look): string[] {
  // It stands where it stood, and was shown there: now it is the reason that matters.
  if (refused)
    return ['', `${node} still stands at ${targetText(target)}: ${refused.what}`, `  what to do: ${refused.cure}`, ''];
  return [
    '',
    `${node} stands at ${targetText(target)}: readable, not promoted.`,
    `  replayed up to  ${lsn}${lastCommit === undefined ? ', no transaction since the backup' : `, last transaction ${utcText(lastCommit)}`}`,
    ...stop.map((line) => `  PostgreSQL      ${line}`),
    ...found.map((line) => `  found           ${line}`),
    '',
  ];
}

async function askUntilAnswered({ asker, view }: PitrSession, cluster: Cluster): Promise<LookDecision> {
  for (;;) {
    const answer = await asker.ask(
      'promote it, stay here (decide later), or a later target to replay on to? [promote/stay/target] ',
    );
    if (/^p(romote)?$/i.test(answer)) return 'promote';
    if (/^(s(tay)?|)$/i.test(answer)) return 'stay';
    try {
      const { target } = await readTarget(cluster, parseTargetText(answer), true, answer);
      return { forward: target };
    } catch (error) {
      if (error instanceof FormatError) view.print(error.reason);
      else if (error instanceof PgdrillError && error.code !== 'PGDRILL_INTERRUPTED')
        view.print(`${error.what}; ${error.cure}`);
      else throw error;
    }
  }
}
