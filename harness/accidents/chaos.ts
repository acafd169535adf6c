import { makeBackup } from '../backup/base-backup';
import type { PatroniNode } from '../cluster/patroni-node';
import { switchover } from '../operations/switchover';
import { awaitSynchronousStandby } from '../operations/synchronous-mode';
import { PgdrillError } from '../record/errors';
import type { Incident } from '../record/incident';
import { nowText } from '../run/recorder';
import { pause } from '../run/until';
import type { Accident, StrikeContext } from './accident';
import { accidentKinds } from './catalogue';
import { chaosStep, chaosWords, type ChaosStep } from './chaos-steps';
import { checkedOptions, strikeKind } from './define-accident';
import { mend } from './mend';
import { captureMoment } from './moment';
import { msOf } from './compose';

/** Operations of a walk. */
const operations: Readonly<Record<string, (context: StrikeContext) => Promise<string>>> = {
  async switchover({ run, cluster }) {
    const { from, to } = await switchover(run, cluster);
    return `${from} → ${to}`;
  },
  async backup({ run, cluster }) {
    return (await makeBackup(run, cluster)).id;
  },
};

/**
 * A random walk of accidents and operations, decided by the run's seed alone. Each step is recorded as it begins and ends;
 * what struck is undone after a while, and every member has to stream again before the next one.
 * @param options.for how long steps are begun: `60s`, `10m`
 */
export function chaosWalk(options: { for: string }): Accident {
  const lastingMs = msOf(options.for);
  return {
    name: 'random-walk',
    title: `accidents at random for ${options.for}`,
    async strike(context) {
      const { run, cluster } = context;
      const leader = await cluster.leader();
      const before = await leader.use(captureMoment);
      const struckAt = nowText();
      const began = performance.now();
      const proofs: Incident['proof'][] = [];
      for (let index = 0; index === 0 || performance.now() - began < lastingMs; index += 1) {
        const proof = await recorded(context, index, chaosStep(run.random, index));
        if (proof) proofs.push(proof);
      }
      const missed = proofs.filter(({ took }) => !took);
      return {
        accident: 'random-walk',
        title: `accidents at random for ${options.for}`,
        member: cluster.nodes.map(({ name }) => name).join(', '),
        before,
        struckAt,
        struckUntil: nowText(),
        proof: {
          took: missed.length === 0,
          expected: `${proofs.length} accidents, each shown to have struck`,
          found:
            missed.length === 0 ? 'each was' : missed.map(({ expected, found }) => `${expected}: ${found}`).join('; '),
        },
      };
    },
  };
}

async function recorded(
  context: StrikeContext,
  index: number,
  step: ChaosStep,
): Promise<Incident['proof'] | undefined> {
  const { recorder } = context.run;
  const common = { episode: context.episode, step: `chaos-${index + 1}`, title: chaosWords(step) };
  const started = performance.now();
  const durationMs = () => Math.round(performance.now() - started);
  recorder.record({ kind: 'step-started', ...common });
  try {
    const { found, proof } = await taken(context, index, step);
    recorder.record({ kind: 'step-ended', ...common, outcome: 'done', durationMs: durationMs(), summary: found });
    return proof;
  } catch (error) {
    recorder.record({ kind: 'step-ended', ...common, outcome: 'failed', durationMs: durationMs() });
    throw error;
  }
}

async function taken(
  context: StrikeContext,
  index: number,
  { what, on, options, dwellMs }: ChaosStep,
): Promise<{ found: string; proof?: Incident['proof'] }> {
  const { run, cluster } = context;
  const operation = operations[what];
  if (operation) {
    const found = await operation(context);
    await settled(context);
    return { found };
  }
  const kind = accidentKinds.find(({ name }) => name === what);
  if (!kind)
    throw new PgdrillError(
      'PGDRILL_DRILL_INVALID',
      `no accident is called "${what}"`,
      'see `pgdrill list --accidents`',
    );
  const chance = run.random.derive(`chaos victims ${index}`);
  const { victims, blow } = await strikeKind(kind, context, checkedOptions(kind, options), on, { chance });
  await pause(dwellMs, run.signal);
  if (kind.undo) await mend(run, cluster, kind.name);
  const leader = await settled(context);
  const found = `${victims.names.join(', ')}: ${blow.proof.found}; ${leader.name} leads timeline ${await leader.writtenTimeline()}`;
  return { found, proof: blow.proof };
}

/** Waits until the next step finds a whole cluster, and under synchronous mode one whose leader may be lost. */
async function settled({ run, cluster }: StrikeContext): Promise<PatroniNode> {
  const leader = await cluster.awaitStreaming('members rejoined');
  await awaitSynchronousStandby(run, cluster);
  return leader;
}
