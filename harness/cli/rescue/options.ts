import type { RescueInto } from '../../record/rescue';
import type { TableName } from '../../recovery/plan/surgical-facts';
import { tableNamed } from '../../recovery/plan/surgical-names';
import { pitrAsk, type PitrAsk, type PitrFlags } from '../pitr/options';
import { usageError } from '../usage';

/** Options of `pgdrill rescue` as commander gives them: those of where and when are `pgdrill pitr`'s. */
export interface RescueFlags extends Pick<
  PitrFlags,
  | 'cluster'
  | 'description'
  | 'server'
  | 'exclusive'
  | 'timeline'
  | 'dryRun'
  | 'json'
  | 'yes'
  | 'verbose'
  | 'deadlineScale'
  | 'reportDir'
> {
  database?: string;
  table?: string;
  where?: string;
  into?: string;
}

/** What is asked of a rescue, as far as it is known without the cluster. */
export interface RescueAsk {
  /** Backup, target and timeline, read as for a recovery of the whole. */
  when: PitrAsk;
  database: string;
  table: TableName;
  where?: string;
  into: RescueInto;
  newTable?: TableName;
}

const modes: readonly RescueInto[] = ['keep', 'merge', 'replace'];

/** One rescue, from its words and options. @throws PGDRILL_USAGE, PGDRILL_RESCUE_NAME */
export function rescueAsk(backup: string, target: string, flags: RescueFlags): RescueAsk {
  const { database, table, where } = flags;
  if (database === undefined || table === undefined) {
    throw usageError(
      `${database === undefined ? '--database' : '--table'} is missing`,
      'name both: --database shop --table public.orders',
    );
  }
  if (where?.trim() === '') throw usageError('--where is empty', 'leave it out for all rows of the table');
  return {
    when: pitrAsk(backup, target, flags),
    database,
    table: tableNamed(table),
    ...(where === undefined ? {} : { where }),
    ...intoOf(flags.into ?? 'keep'),
  };
}

/** A mode, or the name of a table to make: the latter has a dot. */
function intoOf(into: string): Pick<RescueAsk, 'into' | 'newTable'> {
  const mode = modes.find((one) => one === into);
  if (mode) return { into: mode };
  if (into.includes('.')) return { into: 'new-table', newTable: tableNamed(into) };
  throw usageError(
    `--into is "${into}"`,
    `give ${modes.join(', ')}, or the name of a table to make, with its schema: --into public.orders_rescued`,
  );
}
