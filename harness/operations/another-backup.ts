import { makeBackup } from '../backup/base-backup';
import type { Operation } from './operation';

/** A base backup beside the drill's first; notes its id as `another backup`. */
export function anotherBackup(): Operation {
  return async ({ run, cluster }) => {
    const { id } = await makeBackup(run, cluster);
    return { noted: { 'another backup': id } };
  };
}
