import { formatLsn, parseLsn } from '../formats/lsn';
import { historyOf, historyText } from './spoiled-history';
import { sabotage, there } from './spoiled';

const id = 'archive';
const SEGMENT = '000000010000000000000006';

export const archiveSabotages = [
  sabotage('archive-gap', 'a segment is missing', { reds: [id] }, ({ archive }) => {
    archive.segments.missing.push(SEGMENT);
  }),
  sabotage('segment-flipped', 'a segment has a flipped byte', { reds: [id] }, ({ archive }) => {
    archive.segments.damaged.push({
      segment: SEGMENT,
      error: 'incorrect resource manager data checksum in record at 0/6000148',
    });
  }),
  sabotage(
    'hole-in-histories',
    'the history of the timeline that was promoted by hand never arrived',
    { reds: [id] },
    ({ archive, newTimeline }) => {
      delete archive.histories[String(newTimeline)];
      archive.missingHistories.push(newTimeline);
    },
  ),
  sabotage(
    'archive-of-other-branch',
    'the archive has a history of the same number and another branch',
    { reds: [id] },
    ({ archive, newTimeline, leader }) => {
      const rows = historyOf(leader).ancestors.filter((row) => row.timeline < newTimeline);
      const other = rows.map((row) => ({ ...row, reason: 'before 2026-11-20 00:00:00.000000+00' }));
      archive.histories[String(newTimeline)] = historyText(other);
    },
  ),
  sabotage('slot-lost', "Barman's slot was dropped", { reds: [id] }, ({ archive }) => {
    archive.slot = { name: archive.slot.name, present: false, active: false };
  }),
  sabotage(
    'slot-past-archive',
    'WAL between the archive and the slot is kept nowhere',
    { reds: [id] },
    ({ archive }) => {
      archive.slot.restartLsn = formatLsn(parseLsn(archive.toLsn) + BigInt(archive.segmentSize));
    },
  ),
  sabotage('barman-check-fails', 'barman check has a failing line', { reds: [id] }, ({ archive }) => {
    archive.check = {
      passed: false,
      failing: ['receive-wal running: FAILED (See the Barman log file for more details)'],
    };
  }),
  sabotage('no-fresh-backup', 'no base backup was made after the recovery', { reds: [id] }, ({ archive }) => {
    delete archive.freshBackup;
  }),
  sabotage('fresh-backup-unusable', 'the fresh backup waits for its WAL', { reds: [id] }, ({ archive }) => {
    there(archive.freshBackup, 'fresh backup').status = 'WAITING_FOR_WALS';
  }),
  sabotage(
    'fresh-backup-of-old-timeline',
    'the fresh backup is of the timeline that was left',
    { reds: [id] },
    ({ archive, recovery }) => {
      there(archive.freshBackup, 'fresh backup').timeline = there(recovery.plan, 'plan').targetTimeline;
    },
  ),
  sabotage(
    'archive-half-walked',
    'the archive was not walked from the chosen backup on',
    { unverified: [id] },
    ({ archive }) => {
      archive.fromLsn = formatLsn(parseLsn(archive.fromLsn) + BigInt(archive.segmentSize));
    },
  ),
  sabotage('archive-not-asked', 'the archive was not observed', { unverified: [id] }, ({ cluster }) => {
    delete cluster.archive;
  }),
];
