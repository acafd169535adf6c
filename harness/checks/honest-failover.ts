import type { Evidence } from '../record/evidence';
import { honestEvidence } from './honest-evidence';
import type { Spoiled } from './spoiled';

const BRANCH = '0/7A1B420';
const AFTER_FAILOVER = `1\t${BRANCH}\tno recovery target specified\n`;
const AFTER_SWITCHOVER = `${AFTER_FAILOVER}\n2\t0/A0000A0\tno recovery target specified\n`;

/**
 * The story of an asynchronous failover in which all went well: the leader db1 was killed, db2 was promoted to timeline 2 at
 * 0/7A1B420, and twelve acknowledged writes lie past that place on db1, 4 KB of WAL; then one switchover to db1.
 * @param vary changes the copy in place
 */
export function honestFailover(vary?: (spoiled: Spoiled) => void): Evidence {
  return honestEvidence((spoiled) => {
    const { evidence, episode, recovery, cluster, ledger, archive } = spoiled;
    for (const gone of ['plan', 'fencedAt', 'fence', 'stop', 'checkedThere', 'newTimeline', 'branchLsn'] as const)
      delete recovery[gone];
    for (const gone of ['restoredAside', 'parentRecord', 'branchRecords'] as const) delete cluster[gone];
    delete evidence.run.deep;
    Object.assign(episode.incident!, {
      accident: 'kill-container',
      title: 'container killed',
      leader: 'db1',
      proof: { took: true, expected: 'db1 ended by SIGKILL', found: 'exit code 137, nothing answers' },
    });
    delete episode.incident!.xid;
    Object.assign(recovery, {
      strategy: 'healing',
      branch: 'promoted',
      promotions: { least: 1, most: 1 },
      loss: {
        mode: 'asynchronous',
        oldLeader: 'db1',
        timeline: 1,
        branchLsn: BRANCH,
        lastLsn: '0/7A1C420',
        leftBytes: '4096',
        maximumLag: '1048576',
        ttlMs: 20_000,
        writtenInTtl: '524288',
      },
    });
    const held = '1-5628,5645-6000,6002-6400';
    Object.assign(ledger, { before: held, abandoned: '5629-5640', discardedBefore: '', resumed: '' });
    for (const gone of ['boundary', 'firstResumedAck', 'tiesAtBoundary'] as const) delete ledger[gone];
    ledger.around = [];
    ledger.lastRecovered = '2026-11-21 05:51:22.480009+00';
    const [, second, third] = ledger.terms!;
    second!.timeline = 2;
    third!.timeline = 3;
    for (const rest of cluster.roles!.rest) if (rest.timeline !== undefined && rest.timeline > 2) rest.timeline -= 1;
    archive.histories = { '2': AFTER_FAILOVER, '3': AFTER_SWITCHOVER };
    archive.freshBackup!.timeline = 2;
    archive.freshBackup!.beginWal = archive.freshBackup!.beginWal.replace(/^00000003/, '00000002');
    archive.freshBackup!.endWal = archive.freshBackup!.endWal!.replace(/^00000003/, '00000002');
    const given = { archive_command: '6b1f2a90c4d7e853', wal_level: '0f8e3ab1c2d94f57' };
    const standby = { ...given, restore_command: '92c41be07a6d5f13' };
    const dynamic = { 'slots.barman.type': '5d20c7e94ab1863f', ttl: '7e01b9d3c64a258f' };
    cluster.settingsBefore = { leader: given, replica: standby, dynamic };
    cluster.dcs!.config = { ...dynamic };
    for (const member of spoiled.members) {
      member.settings = member.inRecovery ? { ...standby } : { ...given };
      member.clockAheadMs = 3;
      member.timeline = 3;
      member.history = AFTER_SWITCHOVER;
      member.ledger = held;
      if (member.rest) member.rest.timeline = 3;
      if (member.receiver) member.receiver.timeline = 3;
    }
    vary?.(spoiled);
  });
}
