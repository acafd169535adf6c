import { parseTimelineHistory, type TimelineAncestor } from '../../formats/timeline-history';
import { messageOf, PgdrillError } from '../../record/errors';
import { until } from '../../run/until';
import type { Site, Step } from '../site';
import { stopPostgres } from './stop-isolated';

const isolatedHba = '/run/postgresql/isolated_hba.conf';

/**
 * PostgreSQL started outside Patroni, replaying up to the target. Only the superuser may connect, nothing is archived,
 * and no subscription starts to consume its publisher's slot, until the cluster has been told that this is its leader.
 * @throws PGDRILL_RECOVERY_FAILED with the server's own last words
 */
export const replay: Step = { do: replayToTarget, undo: stopPostgres };

async function replayToTarget(site: Site): Promise<string> {
  const { run, node, result } = site;
  const hba = 'local all all trust\nhost all postgres 127.0.0.1/32 trust\nhost all postgres samenet scram-sha-256\n';
  await node.container.putFiles([{ target: isolatedHba, content: hba, mode: 0o644 }]);
  const options = [
    // Empty, not `false`: what is finished waits for the cluster's own archive_command, and a stop does not retry for 3 s.
    "-c archive_command=''",
    '-c max_logical_replication_workers=0',
    `-c hba_file=${isolatedHba}`,
    // The backup's postgresql.conf names the file of the member it was taken from.
    `-c ident_file=${node.dataDir}/pg_ident.conf`,
  ].join(' ');
  await node.exec([
    'su',
    'postgres',
    '-c',
    `${node.binDir}/pg_ctl -D ${node.dataDir} -s -W -o "${options}" start >/dev/null 2>&1`,
  ]);
  let seen = 'no answer';
  await until(
    'recovery finished',
    run,
    async () => {
      try {
        const recovering = (await node.value('SELECT pg_is_in_recovery()')) === 'true';
        seen = recovering ? `replayed up to ${await node.value('SELECT pg_last_wal_replay_lsn()')}` : 'promoted';
        return !recovering;
      } catch (error) {
        seen = messageOf(error);
        if (!(await node.hasPostmaster())) throw await endedEarly(site);
        return false;
      }
    },
    { seen: () => seen },
  );
  result.newTimeline = await node.writtenTimeline();
  const branch = branchIn(result.newTimeline, await node.history(result.newTimeline));
  if (branch) result.branchLsn = branch.endLsn;
  result.stop = recoveryWords(await node.serverLog());
  return `timeline ${result.newTimeline} from ${result.branchLsn ?? '?'}: ${branch?.reason ?? 'no reason given'}`;
}

/**
 * The row by which the new timeline left its parent.
 * @throws PGDRILL_TARGET_OFF_TIMELINE where the history goes backwards: PostgreSQL stopped on an ancestor and wrote all the
 * same that it left the target's timeline
 */
function branchIn(timeline: number, text: string): TimelineAncestor | undefined {
  try {
    return parseTimelineHistory(timeline, text).ancestors.at(-1);
  } catch (cause) {
    throw new PgdrillError(
      'PGDRILL_TARGET_OFF_TIMELINE',
      `replay stopped before the target's timeline began, and left a history that names no branch: ${messageOf(cause)}`,
      "choose a target on the target's timeline; the old data directory is still beside the new one",
      { cause },
    );
  }
}

/** What the server log says of its last recovery, line by line. */
export function recoveryWords(log: string): string[] {
  const lines = log.split('\n');
  const begin = lines.findLastIndex((line) => /LOG: {2}starting (point-in-time|archive) recovery/.test(line));
  return lines
    .slice(Math.max(begin, 0))
    .filter((line) =>
      /LOG: {2}(starting|redo|consistent|recovery stopping|last completed|selected new|archive recovery)/.test(line),
    );
}

async function endedEarly({ node }: Site): Promise<PgdrillError> {
  const tail = (await node.serverLog())
    .split('\n')
    .filter((line) => /FATAL|PANIC|ERROR|LOG: {2}(redo|recovery|last)/.test(line));
  return new PgdrillError(
    'PGDRILL_RECOVERY_FAILED',
    `PostgreSQL on ${node.name} ended before it reached the target: ${tail.slice(-3).join(' | ')}`,
    'the log of the node is kept with the run; the old data directory is still beside the new one',
  );
}
