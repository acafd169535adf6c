import { checkLine, checkServer } from '../../backup/base-backup';
import { clearSecondPieces, filesInError } from '../../backup/end-pieces';
import type { Cluster } from '../../cluster/cluster';
import { PgdrillError } from '../../record/errors';
import type { ArchiveEvidence } from '../../record/evidence';
import type { Run } from '../../run/run';
import { until } from '../../run/until';

/**
 * `barman check` at the first look, and once nothing fails any more. What still fails at the deadline is evidence, not an
 * error: Barman archives and looks after receive-wal once a minute, and a recovered server is given that time.
 * @param segmentSize bytes
 */
export async function observeBarmanCheck(
  run: Run,
  cluster: Cluster,
  segmentSize: number,
): Promise<ArchiveEvidence['check']> {
  const cleared: string[] = [];
  const { barman } = cluster;
  let atFirst: string[] | undefined;
  let failing: string[] = ['not asked'];
  try {
    await until('barman check settled', run, async () => {
      // As an operator would; on a cluster that is not ours the line stays red until its own operator does. In each look, for
      // what was received last is archived by the next one's.
      if (cluster.description.origin !== 'foreign') cleared.push(...(await clearSecondPieces(barman, segmentSize)));
      const inError = await filesInError(barman);
      failing = (await checkServer(cluster)).map(({ name, hint }) => {
        const more = /errors/.test(name) ? inError.join(', ') : '';
        return checkLine({ name, hint: [hint, more].filter(Boolean).join('; ') });
      });
      atFirst ??= failing;
      return failing.length === 0;
    });
  } catch (error) {
    if (!(error instanceof PgdrillError) || error.code !== 'PGDRILL_DEADLINE') throw error;
  }
  return {
    passed: failing.length === 0,
    failing,
    ...(atFirst ? { atFirst } : {}),
    ...(cleared.length > 0 ? { cleared } : {}),
  };
}
