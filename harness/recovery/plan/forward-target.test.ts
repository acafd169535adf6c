import { refuseForward, type Ahead } from './forward-target';
import { refusalOf } from './sample-facts';

const at = (lsn: string, xid: string, time: string) => ({ lsn, xid, time, record: 'COMMIT' });
const ahead: Ahead = {
  lsn: '0/5000100',
  lastCommit: '2026-11-21 06:44:00.500000+00',
  commits: [at('0/5000200', '801', '2026-11-21 06:44:01+00'), at('0/5000900', '802', '2026-11-21 06:44:02+00')],
  restorePoints: ['before migration'],
  endLsn: '0/6000000',
};
const time = (text: string, inclusive = true) => ({ kind: 'time' as const, time: `2026-11-21 ${text}+00`, inclusive });

describe('a later target for a server that is paused at one', () => {
  test.each([
    time('06:44:01.5'),
    time('06:44:01'),
    time('06:44:02', false),
    { kind: 'xid' as const, xid: '802', inclusive: false },
    // Of a transaction the WAL has 32 bits.
    { kind: 'xid' as const, xid: '4294968098', inclusive: false },
    { kind: 'lsn' as const, lsn: '0/5000200', inclusive: false },
    { kind: 'name' as const, name: 'before migration' },
    { kind: 'latest' as const },
  ])('%j › goes on', (target) => {
    expect(() => refuseForward(target, ahead)).not.toThrow();
  });

  test.each([
    time('06:44:00'),
    time('06:44:00.5', false),
    { kind: 'lsn' as const, lsn: '0/5000000', inclusive: true },
    { kind: 'immediate' as const },
  ])('%j › lies behind', (target) => {
    expect(refusalOf(() => refuseForward(target, ahead)).code).toBe('PGDRILL_TARGET_BACKWARDS');
  });

  test.each([
    time('06:44:02'),
    time('07:00:00'),
    { kind: 'xid' as const, xid: '700', inclusive: true },
    { kind: 'lsn' as const, lsn: '0/6000000', inclusive: true },
    { kind: 'name' as const, name: 'elsewhere' },
  ])('%j › is not reached, and what there is is said', (target) => {
    const refusal = refusalOf(() => refuseForward(target, ahead));
    expect(refusal.code).toBe('PGDRILL_TARGET_UNREACHED');
    expect(refusal.message).toContain('0/5000900');
  });

  test('nothing was replayed since the backup › only what is ahead counts', () => {
    const fresh = { ...ahead, lastCommit: undefined as never };
    expect(() => refuseForward(time('06:43:00'), fresh)).not.toThrow();
  });
});
