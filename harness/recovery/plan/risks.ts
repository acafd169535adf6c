import { PgdrillError } from '../../record/errors';

/**
 * Refusals that `--force=<code>` overrides, and what is accepted with each. What is not here cannot work: no option would
 * make it.
 */
export const overridable: Readonly<Record<string, string>> = {
  PGDRILL_PAUSED: 'the recovery resumes Patroni itself, and leaves it resumed',
  PGDRILL_DATA_DIR_REMOVED: 'a member that cannot be rewound loses its data directory, and the way back with it',
  PGDRILL_DISK_LOW: 'the restore may fill the disk, and the old data lies on the same one',
  PGDRILL_TARGET_IN_DROP: 'the dropped database is listed afterwards, and nobody can connect to it',
};

/** Collects what was forced: each refusal goes through it, and is thrown unless its code is forced. */
export interface Risks {
  /** @throws the refusal, with the option that overrides it, where there is one */
  refuse(refusal: PgdrillError): void;
  /** What was refused and forced, in words for people. */
  readonly taken: readonly string[];
}

/**
 * @param force codes of refusals
 * @throws PGDRILL_FORCE_UNKNOWN for a code that nothing overrides
 */
export function risksOf(force: readonly string[]): Risks {
  const unknown = force.filter((code) => !(code in overridable));
  if (unknown.length > 0) {
    throw new PgdrillError(
      'PGDRILL_FORCE_UNKNOWN',
      `${unknown.join(', ')} cannot be forced`,
      `what can be: ${Object.entries(overridable)
        .map(([code, meaning]) => `${code} (${meaning})`)
        .join(', ')}`,
    );
  }
  const taken: string[] = [];
  return {
    taken,
    refuse(refusal) {
      const meaning = overridable[refusal.code];
      if (meaning === undefined) throw refusal;
      if (force.includes(refusal.code)) {
        taken.push(`forced ${refusal.code}: ${refusal.what}; ${meaning}`);
        return;
      }
      throw new PgdrillError(
        refusal.code,
        refusal.what,
        `${refusal.cure}; or accept it with --force=${refusal.code}: ${meaning}`,
      );
    },
  };
}
