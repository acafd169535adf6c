import {
  ask,
  newComplaints,
  type Complaint,
  type Detector,
  type DetectorContext,
  type Look,
} from '../../observe/detectors/detector';
import type { PatroniNode } from '../../cluster/patroni-node';
import { PgdrillError } from '../../record/errors';
import { until } from '../../run/until';

/** What each detector said last, and what it said of the cluster as it was booted. A detector of members by member. */
export class Looks {
  private readonly last = new Map<string, Look>();
  private readonly atFirst = new Map<string, Look>();

  constructor(
    private readonly detectors: readonly Detector[],
    private readonly context: Omit<DetectorContext, 'node' | 'backup'>,
  ) {}

  /** Asks all of them. What each has said already stays where `again` is not given. */
  async ask(
    node: PatroniNode,
    backup: DetectorContext['backup'],
    { again = false }: { again?: boolean } = {},
  ): Promise<void> {
    for (const detector of this.detectors) {
      const key = keyOf(detector, node);
      if (!again && this.last.has(key)) continue;
      await this.askOne(detector, node, backup);
    }
  }

  /** Asks one of them. @returns what it said before, and what it says now */
  async askOne(
    detector: Detector,
    node: PatroniNode,
    backup: DetectorContext['backup'],
  ): Promise<{ before: Look; now: Look }> {
    const key = keyOf(detector, node);
    const before = this.last.get(key) ?? { complaints: [] };
    const now = await ask(detector, { ...this.context, node, backup });
    this.last.set(key, now);
    return { before, now };
  }

  /** Takes what they say now for what they say of a sound cluster. */
  settle(): void {
    for (const [key, look] of this.last) this.atFirst.set(key, look);
  }

  /** Forgets what was said of other members than one: it may be old. */
  forgetOthers(node: PatroniNode): void {
    for (const detector of this.detectors) {
      for (const key of this.last.keys()) {
        if (detector.ofMember && key.startsWith(`${detector.name} `) && key !== keyOf(detector, node)) {
          this.last.delete(key);
        }
      }
    }
  }

  /**
   * Asks all of them until none complains of what it did not complain of at the start; one that keeps what it has seen is
   * asked once.
   * @throws PGDRILL_DEADLINE naming who still complains, and of what
   */
  async untilQuiet(node: PatroniNode, backup: DetectorContext['backup']): Promise<void> {
    let asked = this.detectors;
    let seen = '';
    await until(
      'cluster sound again',
      this.context.run,
      async () => {
        const loud: { detector: Detector; complaint: Complaint }[] = [];
        for (const detector of asked) {
          const { now } = await this.askOne(detector, node, backup);
          const [complaint] = newComplaints(this.atFirst.get(keyOf(detector, node)) ?? { complaints: [] }, now);
          if (complaint && !detector.keeps) loud.push({ detector, complaint });
        }
        asked = loud.map(({ detector }) => detector);
        seen = loud.map(({ detector, complaint }) => `${detector.name}: ${complaint.text}`).join('; ');
        return loud.length === 0;
      },
      { everyMs: 500, seen: () => seen },
    );
  }
}

/** Whether a cluster was given up because its detectors did not fall silent. */
export function isLoud(error: unknown): boolean {
  return error instanceof PgdrillError && error.code === 'PGDRILL_DEADLINE';
}

function keyOf({ name, ofMember }: Detector, node: PatroniNode): string {
  return `${name} ${ofMember ? node.name : ''}`;
}
