import { z } from 'zod';

/** Where one sabotage was tried, and what the checks said there. */
export const sabotageTrySchema = z.object({
  on: z
    .string()
    .describe('`built` for the evidence in the code, the name of a saved run, or the id of a run of the drill'),
  /** `nothing-to-spoil`: this evidence does not hold what would be spoiled; `skipped`: this machine lacks what the drill needs. */
  outcome: z.enum(['noticed', 'missed', 'nothing-to-spoil', 'skipped']),
  failed: z.array(z.string()).describe('checks that turned red'),
  unverified: z.array(z.string()).describe('checks that turned unverified'),
  /** In words, where it was not noticed. */
  why: z.string().optional(),
});
export type SabotageTry = z.infer<typeof sabotageTrySchema>;

/** One known way to go wrong, the checks that must tell, and what they told. */
export const sabotageRowSchema = z.object({
  /** `evidence`: a function on saved evidence; `live`: a drill with one part replaced; `cure`: a drill with one cure left out. */
  kind: z.enum(['evidence', 'live', 'cure']),
  id: z.string(),
  title: z.string(),
  failed: z.array(z.string()).describe('checks that must turn red, exactly; of a cure left out any may'),
  unverified: z.array(z.string()).describe('checks that must turn unverified'),
  tries: z.array(sabotageTrySchema),
});
export type SabotageRow = z.infer<typeof sabotageRowSchema>;

/** What `pgdrill sabotage` found: whether the oracle notices what it must. */
export const sabotageReportSchema = z.object({
  format: z.literal(1),
  pgdrill: z.string(),
  checks: z.array(z.object({ check: z.string(), oracle: z.number().int() })),
  /** Honest evidence with nothing spoiled: a check that is red there already would notice anything. */
  honest: z.array(z.object({ on: z.string(), failed: z.array(z.string()), unverified: z.array(z.string()) })),
  rows: z.array(sabotageRowSchema),
  /** Checks that none of these turned red. Absent where only some of the sabotages were tried. */
  unturned: z.array(z.string()).optional(),
});
export type SabotageReport = z.infer<typeof sabotageReportSchema>;

/** What came of a sabotage wherever it was tried. */
export type SabotageOutcome = 'noticed' | 'missed' | 'skipped';

/**
 * `noticed` by exactly the right checks wherever it could be tried, and tried somewhere; `skipped` where no machine that it was tried on
 * has what it needs.
 */
export function sabotageOutcome({ tries }: SabotageRow): SabotageOutcome {
  if (tries.length > 0 && tries.every(({ outcome }) => outcome === 'skipped')) return 'skipped';
  const noticed = tries.some(({ outcome }) => outcome === 'noticed');
  return noticed && !tries.some(({ outcome }) => outcome === 'missed') ? 'noticed' : 'missed';
}

/** Whether every check is content with honest evidence. */
export function isGreen({ failed, unverified }: Pick<SabotageTry, 'failed' | 'unverified'>): boolean {
  return failed.length + unverified.length === 0;
}

/** Whether the oracle can be trusted as far as this report looked. */
export function isSound({ rows, honest, unturned = [] }: SabotageReport): boolean {
  return honest.every(isGreen) && unturned.length === 0 && rows.every((row) => sabotageOutcome(row) !== 'missed');
}
