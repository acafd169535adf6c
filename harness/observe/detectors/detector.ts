import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { messageOf, PgdrillError } from '../../record/errors';
import type { DetectionCell } from '../../record/detection';
import type { Run } from '../../run/run';
import { limited } from '../../run/until';

/** What a detector may ask. */
export interface DetectorContext {
  run: Run;
  cluster: Cluster;
  /** The member that detectors of members look at: the one that is struck, else the leader. */
  node: PatroniNode;
  /** The dataset's database. */
  database: string;
  /** The base backup that stands behind the cluster: Barman's id, and the name of the first segment that it needs. */
  backup: { id: string; beginWal: string };
}

/** One thing that a detector says is wrong. */
export interface Complaint {
  /** As the detector says it. */
  text: string;
  /** What tells it from another one; default the text. */
  key?: string;
}

/** What a detector says at one moment. */
export interface Look {
  complaints: Complaint[];
  /** Exit code of its command, where it is one. */
  code?: number;
  /** Why it could not be asked. */
  notAsked?: string;
}

/** One way in which an operator can learn that something is wrong. */
export interface Detector {
  /** Lower-case words joined by hyphens: the name of its file. */
  name: string;
  /** Three letters or so: the head of its column. */
  head: string;
  /** One line for people: what is asked, and of whom. */
  title: string;
  /** What it needs, and what it costs. */
  wants: string;
  /** It looks at one member, the one that is struck; else at the cluster or at Barman. */
  ofMember?: true;
  /** It counts what has happened, or keeps it: what it said once it goes on saying. */
  keeps?: true;
  look(context: DetectorContext): Promise<Look>;
}

/**
 * Asks one detector. That it cannot get its answer, because nobody is there to give it, is a complaint like any other: an
 * operator's monitoring sees the same.
 * @throws PGDRILL_INTERRUPTED, PGDRILL_ENGINE_DIED
 */
export async function ask(detector: Detector, context: DetectorContext): Promise<Look> {
  try {
    return await limited('detector answers', context.run, () => detector.look(context));
  } catch (error) {
    if (context.run.signal.aborted) throw error;
    return { complaints: [{ text: wordsOf(error) }] };
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof PgdrillError)) return messageOf(error);
  return error.code === 'PGDRILL_DEADLINE' ? 'no answer' : error.what;
}

/** What is complained of now and was not before. */
export function newComplaints(before: Look, now: Look): Complaint[] {
  const known = new Set(before.complaints.map(keyOf));
  return now.complaints.filter((complaint) => !known.has(keyOf(complaint)));
}

/** What a detector noticed, by what it said before and after. Pure. @param afterMs from the strike until it had answered */
export function cellOf(detector: string, before: Look, now: Look, afterMs: number): DetectionCell {
  if (now.notAsked !== undefined) return { detector, outcome: 'not-asked', reason: now.notAsked };
  const [first] = newComplaints(before, now);
  const code = now.code === undefined ? {} : { code: now.code };
  if (!first) return { detector, outcome: 'missed', ...code };
  return { detector, outcome: 'noticed', afterMs, message: first.text, ...code };
}

function keyOf({ text, key }: Complaint): string {
  return key ?? text;
}
