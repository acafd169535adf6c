import type { EtcdQuorum } from '../../cluster/etcd-quorum';
import type { KeyState, KeyWatchListener } from '../../cluster/key-watch';
import { messageOf } from '../../record/errors';
import type { RolesEvidence } from '../../record/roles';
import { nowText } from '../../run/recorder';
import { pause, type WaitContext } from '../../run/until';
import { FirstAndLast } from './first-and-last';

type Change = RolesEvidence['leaderKey'][number];
type Gap = RolesEvidence['gaps'][number];

/** How many changes, and how many gaps, are kept at either end of the record. */
const KEPT = 100;
/** Pause before the next etcd member is tried, ms. */
const RETRY_MS = 200;

/**
 * Who held Patroni's leader key, and when. A watch that ends is begun again through the next etcd member at the revision
 * it had come to, so that no change is missed; the time in between is a gap, with its reason.
 */
export class LeaderKeyHistory implements KeyWatchListener {
  private readonly changes = new FirstAndLast<Change>(KEPT);
  private readonly closedGaps = new FirstAndLast<Gap>(KEPT);
  private gap: Gap | undefined;
  private state: KeyState | undefined;
  private told: Change | undefined;
  /** Last moment at which the record was certainly complete. */
  private sureAt: string;
  /** Where the last gap began: what a resumed watch tells late happened after it. */
  private missedSince: string;

  constructor(private readonly etcd: EtcdQuorum) {
    this.sureAt = nowText();
    this.missedSince = this.sureAt;
  }

  /** Follows the key until the signal aborts. Never throws. */
  async follow(context: WaitContext): Promise<void> {
    const members = [...this.etcd.members.keys()];
    for (let at = 0; !context.signal.aborted; at += 1) {
      const member = members[at % members.length] ?? '';
      const { why, lost } = await this.etcd
        .watch('leader', member, this, this.state, context)
        .catch((error: unknown) => ({ why: `${member}: ${messageOf(error)}`, lost: false }));
      if (context.signal.aborted) return;
      this.gap ??= { from: this.sureAt, why };
      if (lost) this.state = undefined;
      await pause(RETRY_MS, context.signal);
    }
  }

  begun(state: KeyState): void {
    const missed = this.told !== undefined;
    this.resumed();
    this.state = state;
    // Begun anew, the same holder may stand there for another reason than before: that is for the gap to say.
    if (!missed || this.told?.member !== state.value) this.tell(state, missed);
  }

  resumed(): void {
    const now = nowText();
    if (this.gap) {
      this.missedSince = this.gap.from;
      this.closedGaps.push({ ...this.gap, to: now });
    }
    this.gap = undefined;
    this.sureAt = now;
  }

  changed(state: KeyState, missed: boolean): void {
    this.state = state;
    this.tell(state, missed);
    this.sureAt = nowText();
  }

  alive(): void {
    this.sureAt = nowText();
  }

  private tell({ value, revision }: KeyState, missed: boolean): void {
    this.told = {
      at: nowText(),
      ...(value === undefined ? {} : { member: value }),
      revision,
      ...(missed ? { notBefore: this.missedSince } : {}),
    };
    this.changes.push(this.told);
  }

  /** What is recorded so far. Changes that were left out of the middle are a gap, too. */
  record(): Pick<RolesEvidence, 'leaderKey' | 'gaps'> & { omitted: { leaderKey: number; gaps: number } } {
    const gaps = this.closedGaps.kept();
    const changes = this.changes.omitted();
    const left = this.closedGaps.omitted();
    if (left) gaps.push({ from: left.first.from, to: left.last.to ?? nowText(), why: `${left.count} gaps, not kept` });
    if (changes)
      gaps.push({ from: changes.first.at, to: changes.last.at, why: `${changes.count} changes of the key, not kept` });
    if (this.gap) gaps.push(this.gap);
    return {
      leaderKey: this.changes.kept(),
      gaps,
      omitted: { leaderKey: changes?.count ?? 0, gaps: left?.count ?? 0 },
    };
  }
}
