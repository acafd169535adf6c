import type { ExpectedDetection } from '../../record/detection';

/** A server that does not answer is noticed by everybody who asks it something. */
const silent = ['select', 'pg-amcheck', 'pg-basebackup', 'checksum-failures'];
/** A page whose checksum is wrong, by all that read it from the disk; the statistics count what they met. */
const onDisk = ['pg-checksums', 'pg-basebackup', 'checksum-failures'];

/**
 * Who notices which fault. Measured on real containers by `pgdrill detect`, which holds every later run against it;
 * docs/detection.md has the same as a table.
 */
export const expectedDetections: Readonly<Record<string, ExpectedDetection>> = {
  'archived-wal-flipped': { noticed: ['pg-waldump'] },
  // The records end before the cut, where the segment was finished by a switch.
  'archived-wal-truncated': { noticed: [] },
  'archived-wal-removed': { noticed: ['pg-waldump'] },
  'backup-file-flipped': { noticed: ['pg-verifybackup', 'barman-verify-backup'] },
  'backup-deleted': {
    noticed: ['pg-verifybackup', 'barman-check-backup', 'barman-verify-backup', 'barman-list-backups'],
  },
  'duplicate-wal': { noticed: ['barman-check'] },
  'future-history': { noticed: [] },
  'archive-command-lies': { noticed: [] },
  'archive-down': { noticed: ['server-log', 'archiver', 'barman-check'] },
  'restore-command-lies': { noticed: ['server-log'] },
  'heap-page-on-leader': { noticed: ['select', 'pg-amcheck', ...onDisk] },
  'heap-page-cached': { noticed: onDisk },
  'heap-page-zeroed': { noticed: [] },
  'torn-page': { noticed: ['select', 'pg-amcheck', ...onDisk] },
  'index-leaf': { noticed: ['pg-amcheck'] },
  'heap-page-on-replica': { noticed: ['select', 'pg-amcheck', ...onDisk] },
  'relation-file-removed': { noticed: ['select', 'pg-amcheck'] },
  'commit-log-zeroed': { noticed: ['pg-amcheck'] },
  'control-file-removed': { noticed: ['server-log', 'patroni-health', 'replication', 'pg-checksums', ...silent] },
  'wal-directory-emptied': { noticed: [] },
  'replica-stopped': { noticed: ['patroni-health', 'replication', ...silent] },
  'slot-lost': { noticed: ['replication', 'barman-check'] },
  'rows-deleted': { noticed: [] },
};
