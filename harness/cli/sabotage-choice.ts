import type { EvidenceSabotage } from '../checks/check';
import { evidenceSabotages } from '../checks';
import type { LiveSabotage } from '../checks/sabotage-table';
import { listDrills, type FoundDrill } from '../suite/discovery';
import { loadDrill } from '../suite/load-drill';
import { nearest } from '../suite/nearest';
import { usageError } from './usage';

/** A drill whose label says that it is one. */
export const sabotageLabel = 'sabotage';

/** What is tried: functions on evidence, and drills. */
export interface ChosenSabotages {
  evidence: readonly EvidenceSabotage[];
  live: readonly (LiveSabotage & { drill: FoundDrill })[];
  /** Every evidence sabotage is among them: a check that none turns red can be told. */
  allEvidence: boolean;
}

/**
 * The sabotages that a command line means.
 * @param names ids, or globs over them; none: all. One name may be that of an evidence sabotage and of a drill: both
 * @param kinds which kinds; at least one
 * @throws PGDRILL_USAGE for a name that fits nothing, with the nearest one
 */
export async function chooseSabotages(
  names: readonly string[],
  kinds: { evidence: boolean; live: boolean },
): Promise<ChosenSabotages> {
  const evidence = kinds.evidence ? evidenceSabotages : [];
  const live = kinds.live ? await liveSabotages() : [];
  const known = [...evidence, ...live].map(({ id }) => id);
  for (const name of names) {
    if (known.some((id) => fits(id, name))) continue;
    const near = nearest(name, known);
    throw usageError(
      `no sabotage is called "${name}"${near ? `; did you mean "${near}"?` : ''}`,
      'choose of those that `pgdrill sabotage --list` shows',
    );
  }
  const chosen = ({ id }: { id: string }): boolean => names.length === 0 || names.some((name) => fits(id, name));
  return {
    evidence: evidence.filter(chosen),
    live: live.filter(chosen),
    allEvidence: kinds.evidence && names.length === 0,
  };
}

/** The drills with the label, each with the verdict that it expects. */
async function liveSabotages(): Promise<ChosenSabotages['live']> {
  const drills = (await listDrills()).filter(({ labels }) => labels.includes(sabotageLabel));
  return drills.map((drill) => ({
    id: drill.id,
    title: drill.title,
    expect: loadDrill(drill.file).episodes[0].expect,
    drill,
  }));
}

/** `*` stands for any letters. */
function fits(id: string, name: string): boolean {
  const source = name.replaceAll(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(id);
}
