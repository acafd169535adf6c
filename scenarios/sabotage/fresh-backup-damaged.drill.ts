import { backupFile, beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

/** What `barman check` and `barman check-backup` do not see: only a restore, or a look at the manifest, tells. */
export default defineDrill({
  id: 'fresh-backup-damaged',
  title: 'sabotage: a byte of a data file of the fresh backup is another',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  deep: true,
  async spoil(context) {
    const { cluster, database, recovery } = context;
    const leader = await cluster.leader();
    const file = await leader.value("SELECT pg_relation_filepath('book.tickets')", database);
    const damage = backupFile({ backup: recovery.freshBackup!, file });
    const { proof } = await damage.strike({ ...context, episode: 0 });
    return proof.found;
  },
  expect: verdict('failed', { by: 'restored-aside' }),
});
