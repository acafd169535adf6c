import { makeBackup } from '../../backup/base-backup';
import { receiveAgain } from '../../backup/receive-again';
import { patroniTiming } from '../../formats/patroni-timing';
import type { RecoveryResult } from '../../record/recovery';
import { nowText } from '../../run/recorder';
import type { RecoverContext, Recovery } from '../recovery';
import { narrator } from '../narrator';
import { LossMeter, lossWords } from './loss';

/** One thing that an operator does to put it right, or one thing that is awaited. */
export interface Cure {
  /** Lower-case words joined by hyphens; what a sabotage leaves out by. */
  id: string;
  /** One line for people, in the imperative. */
  title: string;
  /** It puts something right: left out, the verdict is red. The others look, or wait for what comes by itself. */
  changes?: boolean;
  /** PostgreSQL's settings that it changes for good, by name. */
  sets?: readonly string[];
  /** @returns what was found, in words */
  does(context: CureContext): Promise<string>;
}

export interface CureContext extends RecoverContext {
  /** Symptoms that were shown so far go here: `db1: invalid page in block 3 …`. */
  symptoms: string[];
}

export interface HealOptions {
  /** Default: `healing`. */
  name?: string;
  title: string;
  /** In order. None: the cluster heals by itself. */
  cures?: readonly Cure[];
  /** How many promotions there are to be, at least and at most: 0 where the leader stays. Default none. */
  promotions?: readonly [least: number, most: number];
  /** Whether acknowledged writes may be lost by nature, within bounds that are measured: an asynchronous failover. */
  loss?: boolean;
  /** Ids of cures to leave out: how live sabotages are made. */
  without?: readonly string[];
}

/**
 * Puts a cluster right without going back in time: Patroni's own failover, a member copied anew, an index rebuilt. Its history
 * goes on, nothing that was acknowledged is given up. After the cures: every member streams, Barman follows, and there is a
 * fresh base backup.
 */
export function heal(options: HealOptions): Recovery {
  const { name = 'healing', title, promotions = [0, 0], without = [] } = options;
  const cures = (options.cures ?? []).filter(({ id }) => !without.includes(id));
  return {
    name,
    title,
    cures,
    without: (more) => heal({ ...options, without: [...without, ...more] }),
    async recover(context) {
      const { run, cluster, episode } = context;
      const started = performance.now();
      const narrate = narrator(run, episode);
      const step = (id: string, stepTitle: string, doing: () => Promise<string>) =>
        narrate(id, stepTitle, async () => [undefined, await doing()]);
      const symptoms: string[] = [];
      const begunAt = nowText();
      // Without all that it takes, nobody waits as long as a large copy takes.
      const rejoined = without.length > 0 ? 'members streaming' : 'members rejoined';
      const meter = options.loss ? new LossMeter(context) : undefined;
      for (const cure of cures) {
        await meter?.look();
        await step(cure.id, cure.title, () => cure.does({ ...context, symptoms }));
      }
      const result: RecoveryResult = {
        strategy: name,
        outcome: 'done',
        branch: 'promoted',
        promotions: { least: promotions[0], most: promotions[1] },
        begunAt,
        durationMs: 0,
      };
      await step('settle', 'wait until every member streams, and has what the leader wrote', async () => {
        const stop = meter?.watch();
        const received = async () => {
          await cluster.awaitStreaming(rejoined);
          return cluster.awaitReceived(rejoined);
        };
        const leader = await received().finally(stop);
        result.node = leader.name;
        result.rejoinedAt = nowText();
        result.timing = patroniTiming((await cluster.etcd.keys()).config);
        return `${leader.name} leads, ${cluster.others(leader.name).length} stream`;
      });
      if (meter) {
        await step('loss', 'measure what the failover may have lost', async () => {
          const loss = await meter.result(cluster.member(result.node!));
          if (loss) result.loss = loss;
          return lossWords(loss);
        });
      }
      await step('rearm', 'let Barman follow', () => follow(context));
      await step('fresh-backup', 'make a base backup', async () => {
        const backup = await makeBackup(run, cluster);
        result.freshBackup = backup.id;
        return `${backup.id}, timeline ${backup.timeline}`;
      });
      const sets = cures.flatMap((cure) => cure.sets ?? []);
      if (sets.length > 0) result.settingsChanged = sets;
      if (symptoms.length > 0) result.symptoms = symptoms;
      if (without.length > 0) result.replacedSteps = [...without].sort();
      return { ...result, durationMs: Math.round(performance.now() - started) };
    },
  };
}

/** What receive-wal holds of a leader that was lost may lie past the place where the new one branched: it is reset then. */
async function follow({ run, cluster }: RecoverContext): Promise<string> {
  if (!cluster.barman.receivesWal) return 'Barman takes what archive_command brings';
  const timeline = await (await cluster.leader()).writtenTimeline();
  return `${await receiveAgain(run, cluster)}, timeline ${timeline}`;
}
