import type { Cluster } from '../cluster/cluster';
import { messageOf } from '../record/errors';
import type { Run } from '../run/run';
import { accidentKinds } from './catalogue';
import { checkedOptions } from './define-accident';
import { noteOf, readStruck, type Struck } from './struck';

/** What became of one accident that had struck. */
export interface Mended {
  struck: Struck;
  outcome: 'mended' | 'cannot' | 'failed';
  /** What was done, or why nothing could be. */
  found: string;
}

/**
 * Undoes what has struck a cluster and can be undone, the last first; what failed is told and left for another try.
 * @param which a name of an accident, or the number of one that struck; default all
 */
export async function mend(run: Run, cluster: Cluster, which?: string): Promise<Mended[]> {
  const open = (await readStruck(cluster)).filter(({ state }) => state === 'striking' || state === 'struck');
  const chosen = open.filter(({ id, accident }) => which === undefined || which === String(id) || which === accident);
  const done: Mended[] = [];
  for (const struck of chosen.reverse()) done.push(await mendOne(run, cluster, struck));
  return done;
}

async function mendOne(run: Run, cluster: Cluster, struck: Struck): Promise<Mended> {
  const kind = accidentKinds.find(({ name }) => name === struck.accident);
  if (!kind) return { struck, outcome: 'cannot', found: 'this version does not know it' };
  if (!kind.undo) {
    await noteOf(cluster, struck.id, { state: 'left' });
    return { struck, outcome: 'cannot', found: kind.undone };
  }
  try {
    const options = checkedOptions(kind, struck.options);
    const found = await kind.undo({ run, cluster, options, struck: struck.struck, notes: struck.notes });
    await noteOf(cluster, struck.id, { state: 'mended', mended: found });
    return { struck, outcome: 'mended', found };
  } catch (error) {
    return { struck, outcome: 'failed', found: messageOf(error) };
  }
}
