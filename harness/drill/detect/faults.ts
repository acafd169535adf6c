import type { Fault } from './fault';

/**
 * Every fault, in the order in which they strike: on Barman's server first, then what is undone in place, then what takes a
 * copy or a change of leader; last of all what nothing undoes.
 */
export const faults: readonly Fault[] = [
  {
    name: 'archived-wal-flipped',
    title: 'byte of an archived segment flipped',
    accident: 'archived-wal',
  },
  {
    name: 'archived-wal-truncated',
    title: 'archived segment cut in half',
    accident: 'archived-wal',
    options: { how: 'truncated' },
  },
  {
    name: 'archived-wal-removed',
    title: 'archived segment removed, with others before and after it',
    accident: 'archived-wal',
    options: { how: 'removed' },
  },
  {
    name: 'backup-file-flipped',
    title: 'byte of a data file of the base backup flipped',
    accident: 'backup-file',
  },
  {
    name: 'backup-deleted',
    title: 'the base backup deleted, as a retention policy does',
    accident: 'backup-needed-deleted',
    cure: 'backup',
  },
  {
    name: 'duplicate-wal',
    title: 'a segment of the same name and another content handed to Barman',
    accident: 'duplicate-wal',
  },
  {
    name: 'future-history',
    title: 'history of a timeline that never was in the archive',
    accident: 'future-history',
  },
  {
    name: 'archive-command-lies',
    title: 'archive_command ends with 0 and stores nothing',
    accident: 'archive-command-lies',
  },
  {
    name: 'archive-down',
    title: 'Barman cannot be reached by archive_command',
    accident: 'archive-down',
  },
  {
    name: 'restore-command-lies',
    title: 'restore_command ends with 0 and brings nothing',
    accident: 'restore-command-lies',
    looksAt: 'replica',
  },
  {
    name: 'heap-page-on-leader',
    title: 'row of a table spoiled on disk, the page not in the leader’s buffers',
    accident: 'heap-page',
    cure: 'restart',
  },
  {
    name: 'heap-page-cached',
    title: 'row of a table spoiled on disk, the page sound in the leader’s buffers',
    accident: 'heap-page',
    options: { cached: true },
    cure: 'restart',
  },
  {
    name: 'heap-page-zeroed',
    title: 'page of a table filled with noughts on the leader',
    accident: 'heap-page',
    options: { part: 'zeroed' },
    cure: 'restart',
  },
  {
    name: 'torn-page',
    title: 'page of a table half written on the leader',
    accident: 'heap-page',
    options: { part: 'torn' },
    cure: 'restart',
  },
  {
    name: 'index-leaf',
    title: 'two entries of an index in each other’s place on the leader, checksum right',
    accident: 'index-leaf',
    cure: 'restart',
  },
  {
    name: 'heap-page-on-replica',
    title: 'row of a table spoiled on disk on a replica',
    accident: 'heap-page',
    on: 'replica',
    cure: 'restart',
  },
  {
    name: 'relation-file-removed',
    title: 'file of a table removed on a replica',
    accident: 'relation-file',
    on: 'replica',
    cure: 'copy',
  },
  {
    name: 'commit-log-zeroed',
    title: 'newest segment of pg_xact zeroed on a replica, the server killed',
    accident: 'commit-log',
    options: { how: 'zeroed' },
    on: 'replica',
    cure: 'copy',
  },
  {
    name: 'control-file-removed',
    title: 'control file removed under the running leader',
    accident: 'control-file',
    cure: 'copy',
  },
  {
    name: 'wal-directory-emptied',
    title: 'pg_wal emptied on a replica, the server killed',
    accident: 'wal-directory',
    on: 'replica',
    cure: 'copy',
  },
  {
    name: 'replica-stopped',
    title: 'Patroni of a replica stopped, and nobody starts it again',
    accident: 'stop-replica',
  },
  {
    name: 'slot-lost',
    title: 'Barman’s slot gone, and WAL that receive-wal needs with it',
    accident: 'slot-lost',
  },
  {
    name: 'rows-deleted',
    title: 'DELETE of every row of a table, in order',
    accident: 'delete-all-rows',
    options: { table: 'book.tickets' },
  },
];
