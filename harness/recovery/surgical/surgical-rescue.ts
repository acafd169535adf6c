import type { RescueInto } from '../../record/rescue';
import { nowText } from '../../run/recorder';
import { tableNamed } from '../plan/surgical-names';
import type { Recovery } from '../recovery';
import type { TargetChoice } from '../targets';
import { narrator } from '../narrator';
import { openRescue } from './open-rescue';

/**
 * Recovery beside the cluster: a single PostgreSQL is restored to the target, and one table or some rows of it are brought
 * back on the leader, in one transaction. The leader is never stopped, and no timeline is made.
 * @param options.target where the server aside stops
 * @param options.table `schema.table`
 * @param options.database default: the dataset's
 * @param options.where SQL that chooses rows by their values at the target; default: all
 * @param options.into `keep` (default): rows that are missing come back. `merge`: and those that differ get the values they
 * had. `replace`: and those that came later go
 * @param options.backup Barman's id, `latest` or `auto`; default: the drill's
 */
export function surgicalRescue(options: {
  target: TargetChoice;
  table: string;
  database?: string;
  where?: string;
  into?: Exclude<RescueInto, 'new-table'>;
  backup?: string;
}): Recovery {
  return {
    name: 'surgical-rescue',
    title: `rows of ${options.table} brought back from a server beside the cluster`,
    async recover({ run, cluster, episode, incident, backup, database }) {
      const started = performance.now();
      const target = options.target(incident);
      const rescue = await openRescue(
        run,
        cluster,
        {
          target,
          targetTimeline: incident.before.timeline,
          backup: options.backup ?? backup.id,
          database: options.database ?? database,
          table: tableNamed(options.table),
          into: options.into ?? 'keep',
          ...(options.where === undefined ? {} : { where: options.where }),
        },
        narrator(run, episode),
      );
      try {
        const { recorded, stop } = rescue;
        run.recorder.record({ kind: 'recovery-planned', episode, plan: recorded });
        for (const text of recorded.warnings) run.recorder.record({ kind: 'warning', text });
        const result = await rescue.carryOut();
        return {
          strategy: 'surgical',
          branch: 'none',
          plan: recorded,
          outcome: 'done',
          node: recorded.node,
          stop,
          rescue: result,
          rejoinedAt: nowText(),
          durationMs: Math.round(performance.now() - started),
        };
      } finally {
        await rescue.close();
      }
    },
  };
}
