import type { Cluster } from '../cluster/cluster';
import type { BackupRef } from '../record/backup-ref';
import type { Incident } from '../record/incident';
import type { RecoveryResult } from '../record/recovery';
import type { Run } from '../run/run';

/** What a recovery gets to act with. */
export interface RecoverContext {
  run: Run;
  cluster: Cluster;
  episode: number;
  /** The dataset's database. */
  database: string;
  backup: BackupRef;
  incident: Incident;
  /**
   * The recovery's check on the way: called with the name of the isolated node while it runs outside Patroni, before
   * anything else changes. Returns what was found, in words; throws to stop the recovery there.
   */
  checkThere(node: string): Promise<string[]>;
  /**
   * Looks, by SQL, whether a member holds every transaction that was acknowledged so far: what a rollback has to bring back.
   * @param options.givenUpOn the member whose acknowledgements on a timeline later than the accident's were thrown away
   * @returns words of what was found
   * @throws PGDRILL_WRITES_LOST
   */
  holdsAcknowledged?(node: string, options: { givenUpOn: string | undefined }): Promise<string>;
  /** Undoes what has struck and can be undone: thaws, reconnects, starts again. @returns what was done, in words */
  mend?(): Promise<string>;
}

/** How it is put right. */
export interface Recovery {
  name: string;
  title: string;
  /** What it is made of, in order, where it is made of cures. */
  cures?: readonly { readonly id: string; readonly title: string; readonly changes?: boolean }[];
  /** The same with some of its cures left out, by their ids. */
  without?(cures: readonly string[]): Recovery;
  recover(context: RecoverContext): Promise<RecoveryResult>;
}
