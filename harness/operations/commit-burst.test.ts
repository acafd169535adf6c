import type { WalCommit } from '../record/ledger';
import { findTrio } from './commit-burst';

/** Commits in WAL order, by the microsecond of each. */
const commits = (...micros: number[]): WalCommit[] =>
  micros.map((micro, index) => ({
    lsn: `0/${(0x1000 + index * 0x100).toString(16).toUpperCase()}`,
    xid: String(100 + index),
    time: `2026-11-21 06:00:00.${String(micro).padStart(6, '0')}+00`,
    record: 'COMMIT',
  }));
const found = (all: WalCommit[], ours: (commit: WalCommit) => boolean = () => true) =>
  findTrio(all, ours) && Object.values(findTrio(all, ours) ?? {}).map(({ xid }: WalCommit) => xid);

describe('two commits of one microsecond, with one just before them', () => {
  test('are found in WAL order', () => {
    expect(found(commits(10, 20, 30, 30, 40))).toEqual(['101', '102', '103']);
  });

  test('one whose time went backwards › is no place for a time target, as an earlier record is later', () => {
    expect(found(commits(50, 20, 30, 30))).toBeUndefined();
    expect(found(commits(30, 20, 30, 30, 40, 41, 41))).toEqual(['104', '105', '106']);
  });

  test('more than a millisecond apart, three at once, aborted or of somebody else › not these', () => {
    expect(found(commits(10, 1010, 1010))).toBeUndefined();
    expect(found(commits(10, 1009, 1009))).toEqual(['100', '101', '102']);
    expect(found(commits(10, 10, 10))).toBeUndefined();
    const aborted = commits(10, 20, 20).map((one, index) => (index === 2 ? { ...one, record: 'ABORT' } : one));
    expect(found(aborted)).toBeUndefined();
    expect(found(commits(10, 20, 20), ({ xid }) => xid !== '100')).toBeUndefined();
    expect(found([])).toBeUndefined();
  });
});
