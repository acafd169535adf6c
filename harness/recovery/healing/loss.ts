import { walkWal } from '../../backup/wal-walk';
import type { PatroniNode } from '../../cluster/patroni-node';
import { compareLsn } from '../../formats/lsn';
import { parseTimelineHistory } from '../../formats/timeline-history';
import { microsTime } from '../../formats/timestamptz';
import type { Loss } from '../../record/recovery';
import { pause } from '../../run/until';
import type { RecoverContext } from '../recovery';
import { bytesFrom, endOf, lossSettings, segmentsFrom, writtenWithin, type WrittenRecord } from './old-leader-wal';

/** ms between two looks. From the demotion of an old leader to its rewind Patroni takes a second at least. */
const LOOK_MS = 250;

/**
 * Measures what a failover may have lost by its nature: how much the old leader had written past the place where the new
 * timeline left it, beside what that may be at most.
 *
 * The WAL is read where it lies, through Barman's container, so that the old leader need neither run nor answer; again and
 * again, for it may write on until it learns that it leads no more, and once it has been rewound nobody has it.
 */
export class LossMeter {
  private seen: { lastLsn: string; records: WrittenRecord[] } | undefined;

  constructor(private readonly context: RecoverContext) {}

  /** Reads how far the old leader has written by now. Nothing where its WAL cannot be had. */
  async look(): Promise<void> {
    const { run, cluster, incident, backup } = this.context;
    const { barman } = cluster;
    const dataDir = incident.leader === undefined ? undefined : barman.pathOf(incident.leader);
    if (dataDir === undefined || !(await barman.container.isRunning())) return;
    const folder = `${dataDir}/pg_wal`;
    const list = ['find', folder, '-maxdepth', '1', '-type', 'f', '-printf', '%f %s\\n'];
    const { stdout } = await barman.exec(list, { check: false });
    const names = segmentsFrom(stdout, incident.before.timeline, backup.beginLsn);
    const segments = names.map((name) => ({ name, file: `${folder}/${name}` }));
    const records: WrittenRecord[] = [];
    const end = await walkWal(
      run,
      barman.container,
      segments,
      { user: 'root', rmgrs: [] },
      ({ lsn, totalLength, transaction }) => {
        records.push({ lsn, bytes: totalLength, ...(transaction ? { micros: microsTime(transaction.time) } : {}) });
      },
    );
    const lastLsn = endOf(end, records);
    if (lastLsn === undefined || (this.seen && compareLsn(lastLsn, this.seen.lastLsn) <= 0)) return;
    this.seen = { lastLsn, records };
  }

  /** Looks until it is told to stop. A look that meets files on their way out is none. @returns how to stop */
  watch(): () => Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([this.context.run.signal, over.signal]);
    const looking = (async () => {
      while (!signal.aborted) {
        await this.look().catch(() => undefined);
        await pause(LOOK_MS, signal);
      }
    })();
    return async () => {
      over.abort();
      await looking;
    };
  }

  /**
   * Once every member streams again.
   * @returns undefined where nobody was promoted: then nothing was left behind
   */
  async result(leader: PatroniNode): Promise<Loss | undefined> {
    const { cluster, incident } = this.context;
    const { timeline } = incident.before;
    const now = await leader.writtenTimeline();
    const { ancestors } = parseTimelineHistory(now, await leader.history(now));
    const branchLsn = ancestors.find((row) => row.timeline === timeline)?.endLsn;
    if (branchLsn === undefined || incident.leader === undefined) return undefined;
    const settings = lossSettings((await cluster.etcd.keys()).config);
    const { seen } = this;
    return {
      oldLeader: incident.leader,
      timeline,
      branchLsn,
      ...settings,
      ...(seen
        ? {
            lastLsn: seen.lastLsn,
            leftBytes: String(bytesFrom(seen.records, branchLsn)),
            writtenInTtl: String(writtenWithin(seen.records, settings.ttlMs)),
          }
        : {}),
    };
  }
}

/** One line for people. */
export function lossWords(loss: Loss | undefined): string {
  if (!loss) return 'nobody was promoted: nothing was left behind';
  const { oldLeader, lastLsn, leftBytes, branchLsn, mode } = loss;
  if (lastLsn === undefined)
    return `${oldLeader} was left at ${branchLsn}; how far it had written is not known any more`;
  return `${oldLeader} had written up to ${lastLsn}, ${leftBytes} bytes past ${branchLsn}, where it was left (${mode})`;
}
