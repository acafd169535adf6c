import { sizeOf, subtract, union, type Intervals } from '../formats/intervals';
import { microsTime } from '../formats/timestamptz';
import type { ClusterEvidence, EpisodeEvidence, Evidence, LedgerEvidence } from '../record/evidence';
import type { Figures } from '../record/verdict';
import { classesOn, ledgerSets } from './ledger-sets';
import { boundOf, bytesPast } from './loss';

/** The figures of one episode, from the ledger's sets and times; what was not measured is left out. */
export function figuresOf(episode: EpisodeEvidence): Figures {
  const figures: Figures = {};
  if (episode.rtoWritesMs !== undefined) figures.rtoWritesMs = episode.rtoWritesMs;
  if (episode.rtoFullMs !== undefined) figures.rtoFullMs = episode.rtoFullMs;
  if (episode.silenceMs !== undefined) figures.silenceMs = episode.silenceMs;
  const { timing } = episode.recovery ?? {};
  if (timing) Object.assign(figures, timing);
  const { loss } = episode.recovery ?? {};
  const past = loss && bytesPast(loss);
  if (loss && past !== undefined) {
    figures.lossBytes = Number(past);
    figures.lossBoundBytes = Number(boundOf(loss));
    figures.abandoned = 0;
  }
  for (const name of Object.keys(episode.clusters).sort()) {
    const cluster = episode.clusters[name];
    if (cluster) addCluster(figures, cluster);
  }
  return figures;
}

/** The figures of a run: those of its last episode with a ledger. */
export function figuresOfRun(evidence: Evidence): Figures {
  const withLedger = evidence.episodes.filter((episode) =>
    Object.values(episode.clusters).some((cluster) => cluster.ledger),
  );
  const last = withLedger.at(-1) ?? evidence.episodes.at(-1);
  return last ? figuresOf(last) : {};
}

function addCluster(figures: Figures, cluster: ClusterEvidence): void {
  const { ledger } = cluster;
  if (!ledger) return;
  const sets = ledgerSets(ledger);
  add(figures, 'acknowledged', ledger.acknowledged);
  add(figures, 'indeterminate', sizeOf(sets.indeterminate));
  add(figures, 'discardedBefore', sizeOf(sets.discardedBefore));
  add(figures, 'discardedDuring', sizeOf(sets.discardedDuring));
  add(figures, 'resumed', sizeOf(sets.resumed));
  if (sizeOf(sets.abandoned) > 0) add(figures, 'abandoned', sizeOf(sets.abandoned));
  const read = Object.values(cluster.members).filter((member) => member.ledger !== undefined);
  if (read.length > 0) {
    // A write missing on one member is lost there, whatever the others hold; the same for phantoms and halves.
    let lost: Intervals = [];
    let phantom: Intervals = [];
    let half: Intervals = [];
    for (const member of read) {
      const classes = classesOn(sets, member);
      lost = union(lost, classes.lost);
      phantom = union(phantom, classes.phantom);
      half = union(half, classes.half);
    }
    add(figures, 'lost', sizeOf(lost));
    add(figures, 'phantom', sizeOf(phantom));
    add(figures, 'recovered', sizeOf(subtract(subtract(sets.before, lost), half)));
    if (sizeOf(half) > 0) add(figures, 'half', sizeOf(half));
  }
  const rpoMs = rpoOf(ledger);
  if (rpoMs !== undefined) figures.rpoMs = Math.max(figures.rpoMs ?? 0, rpoMs);
}

/**
 * From the last recovered commit to the last one acknowledged before the fence, ms; below nought only where the
 * clocks of the server and of the client differ.
 */
export function rpoOf({ lastAcknowledgedBeforeFence, lastRecovered }: LedgerEvidence): number | undefined {
  if (lastAcknowledgedBeforeFence === undefined || lastRecovered === undefined) return undefined;
  return Number(microsTime(lastAcknowledgedBeforeFence) - microsTime(lastRecovered)) / 1000;
}

function add(
  figures: Figures,
  name: Exclude<keyof Figures, 'rpoMs' | 'rtoWritesMs' | 'rtoFullMs'>,
  count: number,
): void {
  figures[name] = (figures[name] ?? 0) + count;
}
