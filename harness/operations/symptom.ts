import type { PatroniNode } from '../cluster/patroni-node';
import { PgdrillError } from '../record/errors';
import type { Run } from '../run/run';
import { until } from '../run/until';

/**
 * Waits until a member's server log shows a symptom, so that a cure is not proven on a cluster that has nothing.
 * @param since the log as it was before, so that an older line does not count
 * @returns the line, whole
 * @throws PGDRILL_DEADLINE with the log's last line
 */
export async function loggedSymptom(run: Run, node: PatroniNode, symptom: RegExp, since = ''): Promise<string> {
  let seen = 'no log';
  const line = await until(
    'symptom shown',
    run,
    async () => {
      const lines = (await node.serverLog()).slice(since.length).trimEnd().split('\n');
      seen = lines.at(-1) ?? seen;
      return lines.find((one) => symptom.test(one));
    },
    { everyMs: 250, seen: () => `${node.name}: ${seen}` },
  );
  run.note(`symptom on ${node.name}: ${line}`);
  return line;
}

/**
 * Waits until some member's Patroni says something (its container's log). Who does not run is asked, too: its log stays.
 * @param since the moment from which on a line counts, by the engine's clock
 * @returns the member, and the line, whole
 * @throws PGDRILL_DEADLINE
 */
export async function patroniSymptom(
  run: Run,
  nodes: readonly PatroniNode[],
  symptom: RegExp,
  since: Date,
): Promise<{ member: string; line: string }> {
  const found = await until(
    'symptom shown',
    run,
    async () => {
      for (const node of nodes) {
        const lines = (await node.container.logs({ since })).split('\n');
        const line = lines.find((one) => symptom.test(one));
        if (line !== undefined) return { member: node.name, line: line.trim() };
      }
      return undefined;
    },
    { everyMs: 250, seen: () => `no line of ${nodes.map(({ name }) => name).join(', ')} matches ${symptom.source}` },
  );
  run.note(`symptom on ${found.member}: ${found.line}`);
  return found;
}

/**
 * Holds a drill to what it wants to show; ends it where that is not so.
 * @throws PGDRILL_NOT_SHOWN
 */
export function demand(shown: boolean, wanted: string, found: string): void {
  if (shown) return;
  throw new PgdrillError(
    'PGDRILL_NOT_SHOWN',
    `the drill was to show: ${wanted}; found: ${found}`,
    'look at the drill’s file, which says what it does, and at the logs kept with the run',
  );
}
