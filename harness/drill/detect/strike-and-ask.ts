import { strikeKind } from '../../accidents/define-accident';
import { captureMoment } from '../../accidents/moment';
import { findVictims } from '../../accidents/victims';
import type { PatroniNode } from '../../cluster/patroni-node';
import { microsTime } from '../../formats/timestamptz';
import { cellOf, type Detector, type DetectorContext } from '../../observe/detectors/detector';
import { describeError } from '../../record/errors';
import type { Incident } from '../../record/incident';
import type { Random } from '../../run/random';
import type { Run } from '../../run/run';
import { nowText } from '../../run/recorder';
import type { Cluster } from '../../cluster/cluster';
import { accidentOf, type Fault } from './fault';
import type { Looks } from './looks';
import { ordinaryDay } from './ordinary-day';

export interface Detection {
  run: Run;
  cluster: Cluster;
  database: string;
  detectors: readonly Detector[];
  looks: Looks;
  backup: DetectorContext['backup'];
}

/** What came of one fault: whom it struck, if a member, and in one line who noticed it. */
export interface Asked {
  node?: PatroniNode;
  /** The member that was looked at. */
  looked: PatroniNode;
  summary: string;
}

/**
 * Lets one fault happen, and an ordinary day go by; then each detector is asked, in turn, and what it says that it had not
 * said before is what it noticed. A fault that cannot be had is recorded with the reason at every detector.
 * @throws PGDRILL_INTERRUPTED, PGDRILL_ENGINE_DIED
 */
export async function strikeAndAsk(detection: Detection, episode: number, fault: Fault): Promise<Asked> {
  const { run, cluster, looks, backup } = detection;
  const leader = await cluster.leader();
  const asked = { looked: leader };
  try {
    const { names, nodes } = await findVictims(cluster, chance(run, fault), accidentOf(fault).kind.strikes, fault.on);
    if (nodes.length === 1) Object.assign(asked, { node: nodes[0], looked: nodes[0] });
    else if (fault.looksAt === 'replica') asked.looked = cluster.others(leader.name)[0] ?? leader;
    // What nobody has said of this member yet it says now, before it is struck.
    await looks.ask(asked.looked, backup);
    const { struckAt, proof } = await strike(detection, { episode, fault, names, leader });
    if (!proof.took) {
      return { ...asked, summary: notAsked(detection, episode, fault, `it did not take effect: ${proof.found}`) };
    }
    await ordinaryDay(run, cluster);
    const noticed = await askAll(detection, { episode, fault, struckAt }, asked.looked);
    const by = noticed.length === 0 ? 'noticed by nobody' : `noticed by ${noticed.join(', ')}`;
    return { ...asked, summary: `${by} of ${detection.detectors.length}` };
  } catch (error) {
    if (run.signal.aborted) throw error;
    const { code, what } = describeError(error);
    return { ...asked, summary: `not asked: ${notAsked(detection, episode, fault, `${code}: ${what}`)}` };
  }
}

/** The same each time it is asked for a fault, so that who is struck is known before. */
function chance(run: Run, { name }: Fault): Random {
  return run.random.derive(`fault ${name}`);
}

async function strike(
  { run, cluster, database }: Detection,
  { episode, fault, names, leader }: { episode: number; fault: Fault; names: readonly string[]; leader: PatroniNode },
): Promise<{ struckAt: string; proof: Incident['proof'] }> {
  const { kind, options } = accidentOf(fault);
  const before = await leader.use(captureMoment);
  const context = { run, cluster, episode, database };
  const how = { undoneAtEnd: false, chance: chance(run, fault) };
  const { blow } = await strikeKind(kind, context, options, fault.on, how);
  const struckAt = blow.struckAt ?? nowText();
  run.recorder.record({
    kind: 'incident',
    episode,
    incident: {
      accident: kind.name,
      title: fault.title,
      member: names.join(', '),
      leader: leader.name,
      before: blow.before ?? before,
      struckAt,
      proof: blow.proof,
      ...(blow.noted ? { noted: blow.noted } : {}),
      ...(Object.keys(options).length > 0 ? { options } : {}),
    },
  });
  return { struckAt, proof: blow.proof };
}

/** @returns the names of those that noticed it */
async function askAll(
  { run, detectors, looks, backup }: Detection,
  { episode, fault, struckAt }: { episode: number; fault: Fault; struckAt: string },
  node: PatroniNode,
): Promise<string[]> {
  const noticed: string[] = [];
  for (const detector of detectors) {
    const { before, now } = await looks.askOne(detector, node, backup);
    const afterMs = Math.max(0, Math.round(Number(microsTime(nowText()) - microsTime(struckAt)) / 1000));
    const cell = cellOf(detector.name, before, now, afterMs);
    run.recorder.record({ kind: 'detected', episode, fault: fault.name, detector: detector.name, cell });
    if (cell.outcome === 'noticed') {
      noticed.push(detector.name);
      run.note(`${fault.name}: ${detector.name}: ${cell.message}`);
    }
  }
  return noticed;
}

function notAsked({ run, detectors }: Detection, episode: number, { name: fault }: Fault, reason: string): string {
  for (const { name: detector } of detectors) {
    const cell = { detector, outcome: 'not-asked' as const, reason };
    run.recorder.record({ kind: 'detected', episode, fault, detector, cell });
  }
  return reason;
}
