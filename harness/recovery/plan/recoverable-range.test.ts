import { backupsForPeople, recoverableRange } from './recoverable-range';
import { NEW_BACKUP, OLD_BACKUP, sampleBackup, sampleFacts, sampleMember, sampleOldBackup } from './sample-facts';

const commit = (lsn: string, time: string) => ({ lsn, xid: '900', time, record: 'COMMIT' });

describe('recoverable range', () => {
  test('from the end of the backup to now', () => {
    expect(recoverableRange(sampleFacts(), sampleBackup())).toEqual({
      backup: NEW_BACKUP,
      timeline: 3,
      from: { lsn: '0/A000000', time: '2026-11-21 06:38:36.605027+00' },
      to: { lsn: '0/C000148', time: '2026-11-21 06:45:00.000000+00' },
    });
  });

  test('a backup of an ancestor › from where the timeline begins, with the time of the last commit before', () => {
    const lastBefore = [{ lsn: '0/60000A0', commit: commit('0/5FFFF00', '2026-11-21 06:38:00.000000+00') }];
    expect(recoverableRange(sampleFacts({ lastBefore }), sampleOldBackup())?.from).toEqual({
      lsn: '0/60000A0',
      time: '2026-11-21 06:38:00.000000+00',
    });
    expect(recoverableRange(sampleFacts(), sampleOldBackup())?.from).toEqual({ lsn: '0/60000A0' });
  });

  test('a hole › up to the last commit before it, and its name', () => {
    const segments = sampleFacts().segments.filter((name) => !name.endsWith('08'));
    const lastBefore = [{ lsn: '0/8000000', commit: commit('0/7FFFF00', '2026-11-21 06:38:10.000000+00') }];
    const range = recoverableRange(sampleFacts({ segments, lastBefore }), sampleOldBackup());
    expect(range?.to).toEqual({ lsn: '0/7FFFF00', time: '2026-11-21 06:38:10.000000+00' });
    expect(range?.hole).toBe('000000030000000000000008');
  });

  test('nobody leads › up to the last commit that is left', () => {
    const facts = sampleFacts({
      members: [sampleMember('db1')],
      currentLsn: '0/C000000',
      lastCommit: commit('0/BFFFF00', '2026-11-21 06:44:00.000000+00'),
    });
    expect(recoverableRange(facts, sampleBackup())?.to).toEqual({
      lsn: '0/C000000',
      time: '2026-11-21 06:44:00.000000+00',
    });
  });

  test('of no use › nothing, and why', () => {
    const foreign = sampleBackup({ id: 'foreign', systemIdentifier: '1' });
    const strayed = sampleBackup({ id: 'strayed', timeline: 2 });
    const waiting = sampleBackup({ id: 'waiting', status: 'WAITING_FOR_WALS' });
    const facts = sampleFacts({ backups: [foreign, strayed, waiting] });
    expect(recoverableRange(facts, foreign)).toBeUndefined();
    expect(backupsForPeople(facts).map((one) => one.unusable)).toEqual([
      'it is of another system, 1',
      'it ends on timeline 2, which is not on the way to timeline 3, for which --timeline 2 asks',
      'its status is WAITING_FOR_WALS',
    ]);
    const segments = sampleFacts().segments.filter((name) => !name.endsWith('09'));
    expect(backupsForPeople(sampleFacts({ segments }))[0]?.unusable).toBe('the archive lacks WAL that it needs itself');
  });

  test('backups for people › newest first, each with its range', () => {
    const shown = backupsForPeople(sampleFacts());
    expect(shown.map((one) => one.id)).toEqual([NEW_BACKUP, OLD_BACKUP]);
    expect(shown[0]).toMatchObject({ timeline: 3, bytes: '27219030', end: '2026-11-21 06:38:36.605027+00' });
    expect(shown.every((one) => one.range !== undefined)).toBe(true);
  });
});
