import { archiver } from './archiver';
import { barmanCheck } from './barman-check';
import { barmanCheckBackup } from './barman-check-backup';
import { barmanListBackups } from './barman-list-backups';
import { barmanVerifyBackup } from './barman-verify-backup';
import { checksumFailures } from './checksum-failures';
import type { Detector } from './detector';
import { patroniHealth } from './patroni-health';
import { pgAmcheck } from './pg-amcheck';
import { pgBasebackup } from './pg-basebackup';
import { pgChecksums } from './pg-checksums';
import { pgVerifybackup } from './pg-verifybackup';
import { pgWaldump } from './pg-waldump';
import { replication } from './replication';
import { select } from './select';
import { serverLog } from './server-log';

/**
 * Every detector, in the order in which they are asked. What only listens comes first, for those that read make it speak;
 * the counter of what the others have met comes last. A test holds the list to the files.
 */
export const detectors: readonly Detector[] = [
  serverLog,
  patroniHealth,
  replication,
  archiver,
  select,
  pgAmcheck,
  pgChecksums,
  pgBasebackup,
  pgVerifybackup,
  pgWaldump,
  barmanCheck,
  barmanCheckBackup,
  barmanVerifyBackup,
  barmanListBackups,
  checksumFailures,
];
