import { sizeOf, union, type Intervals } from '../formats/intervals';
import { microsTime } from '../formats/timestamptz';
import type { ClusterEvidence, EpisodeEvidence, Evidence } from '../record/evidence';
import type { Figures } from '../record/verdict';
import { heldRows, ledgerSets } from './ledger-sets';

/** The figures of one episode, from the ledger's sets and times; what was not measured is left out. */
export function figuresOf(episode: EpisodeEvidence): Figures {
  const figures: Figures = {};
  if (episode.rtoWritesMs !== undefined) figures.rtoWritesMs = episode.rtoWritesMs;
  if (episode.rtoFullMs !== undefined) figures.rtoFullMs = episode.rtoFullMs;
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
  const read = Object.values(cluster.members).flatMap((member) => member.ledger ?? []);
  if (read.length > 0) {
    // A write missing on one member is lost there, whatever the others hold; the same for phantoms.
    let lost: Intervals = [];
    let phantom: Intervals = [];
    for (const rows of read) {
      const held = heldRows(sets, rows);
      lost = union(lost, held.lost);
      phantom = union(phantom, held.phantom);
    }
    add(figures, 'lost', sizeOf(lost));
    add(figures, 'phantom', sizeOf(phantom));
    add(figures, 'recovered', sizeOf(sets.before) - sizeOf(lost));
  }
  if (ledger.lastAcknowledgedBeforeFence !== undefined && ledger.lastRecovered !== undefined) {
    const micros = microsTime(ledger.lastAcknowledgedBeforeFence) - microsTime(ledger.lastRecovered);
    figures.rpoMs = Math.max(figures.rpoMs ?? 0, Number(micros) / 1000);
  }
}

function add(
  figures: Figures,
  name: Exclude<keyof Figures, 'rpoMs' | 'rtoWritesMs' | 'rtoFullMs'>,
  count: number,
): void {
  figures[name] = (figures[name] ?? 0) + count;
}
