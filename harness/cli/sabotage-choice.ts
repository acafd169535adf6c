import type { EvidenceSabotage } from '../checks/check';
import { evidenceSabotages } from '../checks';
import type { LiveSabotage } from '../checks/sabotage-table';
import { listDrills, type FoundDrill } from '../suite/discovery';
import { loadDrill } from '../suite/load-drill';
import type { ChosenFile } from '../suite/open-session';
import { nearest } from '../suite/nearest';
import { usageError } from './usage';

/** A drill whose label says that it is one. */
export const sabotageLabel = 'sabotage';

/** One that is a drill, or a variant of one. */
export type RunSabotage = LiveSabotage & { drill: ChosenFile };

/** What is tried: functions on evidence, drills with one part replaced, and drills with one cure left out. */
export interface ChosenSabotages {
  evidence: readonly EvidenceSabotage[];
  live: readonly RunSabotage[];
  cures: readonly RunSabotage[];
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
  kinds: { evidence?: boolean; live?: boolean; cures?: boolean },
): Promise<ChosenSabotages> {
  const evidence = kinds.evidence ? evidenceSabotages : [];
  const drills = kinds.live || kinds.cures ? await listDrills() : [];
  const live = kinds.live ? liveSabotages(drills) : [];
  const cures = kinds.cures ? curesLeftOut(drills) : [];
  const known = [...evidence, ...live, ...cures].map(({ id }) => id);
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
    cures: cures.filter(chosen),
    allEvidence: (kinds.evidence ?? false) && names.length === 0,
  };
}

/** The drills with the label, each with the verdict that it expects. */
function liveSabotages(drills: readonly FoundDrill[]): RunSabotage[] {
  return drills
    .filter(({ labels }) => labels.includes(sabotageLabel))
    .map((drill) => ({
      id: drill.id,
      title: drill.title,
      expect: loadDrill(drill.file).episodes[0].expect,
      drill,
    }));
}

/** Every drill that a cluster recovers from by cures, once without each of those that change something. */
function curesLeftOut(drills: readonly FoundDrill[]): RunSabotage[] {
  return drills.flatMap((drill) => {
    const cures = loadDrill(drill.file).episodes[0].recovery.cures ?? [];
    return cures.filter(({ changes }) => changes).map((cure) => withoutCure(drill, cure));
  });
}

function withoutCure({ id, file }: FoundDrill, cure: { id: string; title: string }): RunSabotage {
  const variant = { id: `${id}-without-${cure.id}`, title: `${id}, and nobody does this: ${cure.title}` };
  return {
    ...variant,
    expect: { kind: 'red' },
    drill: { ...variant, file, overrides: { without: [cure.id], expectRed: true } },
  };
}

/** `*` stands for any letters. */
function fits(id: string, name: string): boolean {
  const source = name.replaceAll(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(id);
}
