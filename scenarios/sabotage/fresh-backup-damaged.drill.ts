import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

/** What `barman check` and `barman check-backup` do not see: only a restore, or a look at the manifest, tells. */
export default defineDrill({
  id: 'fresh-backup-damaged',
  title: 'sabotage: a byte of a data file of the fresh backup is another',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  deep: true,
  async spoil({ cluster, database, recovery }) {
    const leader = await cluster.leader();
    const relation = await leader.value("SELECT pg_relation_filepath('book.tickets')", database);
    const file = `${cluster.barman.home}/base/${recovery.freshBackup}/data/${relation}`;
    // In the middle of the third page, where rows are.
    const flip = `with open(sys.argv[1], 'r+b') as f: f.seek(22000); b = f.read(1)[0]; f.seek(22000); f.write(bytes([b ^ 1]))`;
    await cluster.barman.exec(['python3', '-c', `import sys\n${flip}`, file]);
    return `byte 22000 of ${relation} of backup ${recovery.freshBackup} is another`;
  },
  expect: verdict('failed', { by: 'restored-aside' }),
});
