import type { RecoveryTarget } from '../../record/recovery';
import { planIsolatedNodePitr } from './plan-pitr';
import { sampleFacts, sampleRequest } from './sample-facts';

const time = '2026-11-21 06:44:00.123456+00';
const commit = (lsn: string, at = time) => ({ lsn, xid: '900', time: at, record: 'COMMIT' });
const warnings = (target: RecoveryTarget, commitsAtTarget: ReturnType<typeof commit>[] | undefined) =>
  planIsolatedNodePitr(sampleRequest({ target }), sampleFacts(commitsAtTarget ? { commitsAtTarget } : {})).warnings;
const at = (inclusive: boolean): RecoveryTarget => ({ kind: 'time', time, inclusive });

describe('plan of a PITR › a microsecond that several commits share', () => {
  test('is warned about, with the LSN that parts them', () => {
    expect(warnings(at(true), [commit('0/B000100'), commit('0/B000200')])).toEqual([
      `2 transactions ended at ${time}: this target keeps them all; what parts them is lsn:0/B000200, exclusive`,
    ]);
    expect(warnings(at(false), [commit('0/B000100'), commit('0/B000200'), commit('0/B000300')])[0]).toBe(
      `3 transactions ended at ${time}: this target leaves them all out; what parts them is lsn:0/B000200 or lsn:0/B000300, exclusive`,
    );
  });

  test('one commit, commits of other moments, no knowledge, another kind of target › nothing to warn about', () => {
    expect(warnings(at(true), [commit('0/B000100')])).toEqual([]);
    expect(warnings(at(true), [commit('0/B000100'), commit('0/B000200', '2026-11-21 06:44:00.123457+00')])).toEqual([]);
    expect(warnings(at(true), undefined)).toEqual([]);
    const tied = [commit('0/B000100'), commit('0/B000200')];
    expect(warnings({ kind: 'lsn', lsn: '0/B000100', inclusive: true }, tied)).toEqual([]);
  });
});
