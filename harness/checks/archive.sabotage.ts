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
      const held = there(archive.slot.heldUntilLsn, 'end of what Barman holds');
      archive.slot.restartLsn = formatLsn(parseLsn(held) + BigInt(archive.segmentSize));
    },
  ),
  sabotage('barman-check-fails', 'barman check has a failing line', { reds: [id] }, ({ archive }) => {
    archive.check = {
      ...archive.check,
      passed: false,
      failing: ['receive-wal running: FAILED (See the Barman log file for more details)'],
    };
  }),
  sabotage(
    'barman-check-fails-unexplained',
    'a line of barman check that no recovery explains failed, and then came right',
    { reds: [id] },
    ({ archive }) => {
      archive.check.atFirst = [...(archive.check.atFirst ?? []), 'systemid coherence (mismatch)'];
    },
  ),
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
    'segment-in-part-only',
    'a segment that the history needs whole is there as .partial only',
    { reds: [id] },
    ({ archive }) => {
      archive.segments.missing.push(SEGMENT);
      there(archive.partial, 'list of partial segments').endOfTimeline.push(`${SEGMENT}.partial`);
    },
  ),
  sabotage(
    'source-archive-changed',
    'an archived segment is another than before the accident',
    { reds: [id] },
    ({ archive }) => {
      there(archive.source, 'source archive').changed.push(`wals/${SEGMENT.slice(0, 16)}/${SEGMENT}`);
    },
  ),
  sabotage('source-archive-gone', 'a history file is no longer in the archive', { reds: [id] }, ({ archive }) => {
    there(archive.source, 'source archive').gone.push('wals/00000002.history');
  }),
  sabotage(
    'backup-data-changed',
    'a data file of the chosen backup is not what its manifest says',
    { reds: [id] },
    ({ archive }) => {
      const source = there(archive.source, 'source archive');
      source.data = {
        ...there(source.data, 'verified backup'),
        sound: false,
        problems: ['checksum mismatch for file "base/16384/16391"'],
      };
    },
  ),
  sabotage(
    'source-archive-not-noted',
    'nobody noted what the archive held before the accident',
    { unverified: [id] },
    ({ archive }) => {
      delete archive.source;
    },
  ),
  sabotage(
    'partials-not-looked-for',
    'nobody looked for segments that are there in part',
    { unverified: [id] },
    ({ archive }) => {
      delete archive.partial;
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
