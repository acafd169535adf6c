import { planIsolatedNodePitr } from '../../recovery/plan/plan-pitr';
import { sampleFacts, sampleRequest } from '../../recovery/plan/sample-facts';
import type { Journal } from '../../record/journal';
import type { RecoveryMode } from '../../record/recovery';
import type { RecoveryStatus } from '../../recovery/status';
import { statusLines } from './status-text';

function half(mode: RecoveryMode, change: Partial<RecoveryStatus> = {}): RecoveryStatus {
  const request = sampleRequest({ mode });
  const plan = planIsolatedNodePitr(request, sampleFacts());
  return {
    journal: { plan, request, startedAt: '2026-11-21 07:00:00.000000Z' } as unknown as Journal,
    owner: 'gone',
    standing: { done: 3, atWork: false, mayResume: true, mayRollBack: true },
    words: 'cut off at step 4',
    resume: ['replay WAL', 'look'],
    undo: ['restore', 'fence'],
    writes: { count: 0 } as RecoveryStatus['writes'] & object,
    ...change,
  };
}
const text = (status: RecoveryStatus) => statusLines([status], 'patroni1', 'pgdrill pitr').join('\n');

describe('where recoveries stand', () => {
  it('none is said, too', () => {
    expect(statusLines([], 'patroni1', 'pgdrill pitr')).toEqual(['no recovery of patroni1 is half-done']);
  });

  it('one that was cut off › what is left, and what would be taken back', () => {
    const lines = text(half('cluster'));
    expect(lines).toContain('stands     cut off at step 4');
    expect(lines).toMatch(/go on {6}pgdrill pitr --resume \S+ {3}# 2 steps left, the next: replay WAL/);
    expect(lines).toMatch(/back {7}pgdrill pitr --rollback \S+ {3}# nothing was written on the recovered data/);
    expect(lines).toContain('would take back: restore, fence');
  });

  it('writes on the recovered leader › need --force, and are counted', () => {
    const writes = { count: 1234 } as RecoveryStatus['writes'] & object;
    expect(text(half('cluster', { writes }))).toMatch(
      /--rollback \S+ --force {3}# would throw away 1,234 transactions/,
    );
  });

  it('no way back › is said with its reason', () => {
    const lines = text(half('cluster', { noWayBack: 'db1 was copied' }));
    expect(lines).toContain('no way back: db1 was copied');
    expect(lines).not.toContain('would take back');
  });

  it('one that waits beside the cluster › can become the cluster', () => {
    expect(text(half('restore', { resume: [] }))).toMatch(/--resume \S+ --auto-start/);
  });

  it('files only › nothing is resumed: what is left is printed, and a rollback removes files', () => {
    const lines = text(half('files'));
    expect(lines).toMatch(/--resume \S+ {3}# prints the commands that are left/);
    expect(lines).toMatch(/--rollback \S+ {3}# removes its files from Barman's container/);
    expect(lines).not.toContain('would take back');
    expect(lines).toContain('recovery files of patroni1 to ');
  });
});
