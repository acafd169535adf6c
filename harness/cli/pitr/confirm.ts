import type { RecoveryMode } from '../../record/recovery';
import { PgdrillError } from '../../record/errors';
import type { Asker } from './asker';

/** What has to be confirmed before it begins. */
export interface Confirmation {
  scope: string;
  /** Whether pgdrill did not boot the cluster. */
  foreign: boolean;
  mode: RecoveryMode;
  /** What is about to be done to the cluster: `recover patroni1 on db2`. */
  what: string;
  /** `--yes` */
  yes: boolean;
}

/**
 * A cluster that pgdrill did not boot is only touched once its name was typed, or `--yes` given. On one of ours a person
 * at a terminal is asked before the cluster's leader changes; a script is not.
 * @throws PGDRILL_NOT_CONFIRMED
 */
export async function confirm(asker: Asker, { scope, foreign, mode, what, yes }: Confirmation): Promise<void> {
  if (yes) return;
  if (foreign) {
    if (!asker.present)
      throw new PgdrillError(
        'PGDRILL_NOT_CONFIRMED',
        `pgdrill did not boot the cluster ${scope}, and there is nobody at a terminal to confirm that it shall ${what}`,
        'give --yes if it shall',
      );
    const answer = await asker.ask(`This will ${what}, and pgdrill did not boot it. Type its cluster name to go on: `);
    if (answer !== scope) throw notConfirmed(`"${answer}" is not ${scope}`);
    return;
  }
  if (mode !== 'cluster' || !asker.present) return;
  const answer = await asker.ask(`This will ${what}. Go on? (y/N) `);
  if (!/^y(es)?$/i.test(answer)) throw notConfirmed(`the answer was ${answer === '' ? 'no' : `"${answer}"`}`);
}

function notConfirmed(why: string): PgdrillError {
  return new PgdrillError(
    'PGDRILL_NOT_CONFIRMED',
    `not confirmed: ${why}`,
    'nothing was changed; --yes goes on without asking',
  );
}
