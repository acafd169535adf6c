import {
  archiveCommandLies,
  archiveCommandOnly,
  beforeAccident,
  defineDrill,
  demand,
  inOrder,
  isolatedNodePitr,
  refused,
  thai,
  type Operation,
  type Recovery,
} from 'pgdrill';

/**
 * A base backup whose own WAL does not arrive: Barman ends with 0 all the same, and leaves it WAITING_FOR_WALS. With an
 * archive_command that fails it would wait for ever, as pg_basebackup does: here PostgreSQL believes that all is archived.
 */
const backupWithoutWal: Operation = async ({ cluster: { barman } }) => {
  const { exitCode, stdout } = await barman.barman(['-f', 'json', 'backup', barman.server], {
    check: false,
    deadline: 'backup made',
  });
  const { backup_id: id } = JSON.parse(stdout) as { backup_id?: string };
  demand(exitCode === 0 && id !== undefined, 'barman backup to end with 0', `${exitCode}: ${stdout}`);
  return { noted: { 'backup without WAL': id! } };
};

/** Barman would restore it, with a warning and exit code 0. */
const recovery: Recovery = {
  name: 'backup-without-wal',
  title: 'from a backup that lacks its own WAL',
  async recover(context) {
    const { run, cluster, incident } = context;
    const { barman } = cluster;
    const backup = incident.noted!['backup without WAL']!;
    const there = `${barman.home}/restored-for-a-look`;
    const { exitCode, stdout, stderr } = await barman.barman(['recover', barman.server, backup, there], {
      check: false,
      deadline: 'backup recovered',
    });
    await barman.exec(['rm', '-rf', there]);
    const warning = /The backup we have recovered IS NOT VALID[^\n]*/.exec(stdout + stderr)?.[0];
    demand(exitCode === 0 && warning !== undefined, 'barman recover to warn and end with 0', `${exitCode}: ${stdout}`);
    run.note(`barman recover ended with 0: ${warning}`);
    return isolatedNodePitr({ target: beforeAccident(), backup }).recover(context);
  },
};

export default defineDrill({
  id: 'barman-exits-zero',
  title: 'a backup that lacks its own WAL: barman backup and barman recover end with 0, pgdrill refuses it',
  labels: ['archive'],
  dataset: thai('tiny'),
  before: archiveCommandOnly(),
  accident: inOrder(archiveCommandLies(), backupWithoutWal),
  recovery,
  expect: refused('PGDRILL_BACKUP_UNKNOWN'),
});
