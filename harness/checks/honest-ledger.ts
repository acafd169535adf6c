import type { LedgerEvidence } from '../record/evidence';
import type { LeaderTerm } from '../record/ledger';
import type { RolesEvidence } from '../record/roles';
import { BOUNDARY, LAST_KEPT } from './honest-story';

/** What the writers were told, of the honest evidence. */
export function ledger(): LedgerEvidence {
  return {
    writers: 4,
    sent: 6400,
    acknowledged: 6395,
    before: '1-5000',
    discardedBefore: '5001-5640',
    discardedDuring: '',
    resumed: '5645-6000,6002-6400',
    indeterminate: '5641-5644,6001',
    unplaced: '',
    boundary: { ...BOUNDARY, timeline: 1, lastKept: { ...LAST_KEPT } },
    around: [
      { lsn: '0/7A1B0A8', xid: '15868', time: '2026-11-21 05:51:02.098111+00', record: 'COMMIT' },
      { lsn: '0/7A1B1D0', xid: '15869', time: '2026-11-21 05:51:02.105920+00', record: 'ABORT' },
      { ...LAST_KEPT, record: 'COMMIT' },
      { ...BOUNDARY },
      { lsn: '0/7A1B548', xid: '15872', time: '2026-11-21 05:51:02.138215+00', record: 'COMMIT' },
      { lsn: '0/7C40010', xid: '15866', time: '2026-11-21 05:51:02.151002+00', record: 'COMMIT' },
    ],
    lastAcknowledgedBeforeFence: '2026-11-21 05:51:05.612345+00',
    lastRecovered: LAST_KEPT.time,
    firstResumedAck: '2026-11-21 05:51:11.951002+00',
    tiesAtBoundary: 1,
    abandoned: '',
    multiRow: '8,16,29-30,4711,5012,5900,6100',
    placedOn: [
      { timeline: 1, commits: 5731 },
      { timeline: 3, commits: 361, untilLsn: '0/A0000A0' },
      { timeline: 4, commits: 402 },
    ],
    terms: terms(),
    load: { askedPerSecond: 100, reachedPerSecond: 98.4, writingMs: 64_990, cpuMs: 2710, peakRssBytes: 171_200_512 },
  };
}

/** db1 until the fence, db2 as the recovered leader, db1 again after the switchover. */
function terms(): LeaderTerm[] {
  const at = (time: string) => `2026-11-21 05:${time}+00`;
  const term = (member: string, timeline: number, first: string, last: string, acknowledged: number): LeaderTerm => ({
    member,
    timeline,
    firstAcknowledgedAt: at(first),
    lastAcknowledgedAt: at(last),
    lastSentAt: at(last.replace(/.$/, '0')),
    acknowledged,
  });
  return [
    term('db1', 1, '50:45.100001', '51:05.612345', 5640),
    term('db2', 3, '51:11.951002', '51:16.902117', 356),
    term('db1', 4, '51:18.310772', '51:22.480009', 399),
  ];
}

/** Who led when, in the honest evidence. */
export function roles(): RolesEvidence {
  const at = (time: string) => `2026-11-21 05:${time}+00`;
  const key = (time: string, revision: string, member?: string) => ({
    at: at(time),
    revision,
    ...(member === undefined ? {} : { member }),
  });
  const rest = (time: string, member: string, role: string, timeline?: number) => ({
    at: at(time),
    member,
    role,
    ...(timeline === undefined ? {} : { timeline }),
  });
  return {
    from: at('50:41.000000'),
    to: at('51:40.000000'),
    leaderKey: [
      key('50:41.050000', '14', 'db1'),
      key('51:05.650000', '61'),
      key('51:10.801122', '72', 'db2'),
      key('51:17.001122', '90'),
      key('51:17.061122', '92', 'db1'),
    ],
    rest: [
      rest('50:41.040000', 'db1', 'primary', 1),
      rest('50:41.041000', 'db2', 'replica', 1),
      rest('50:41.042000', 'db3', 'replica', 1),
      rest('51:04.600000', 'db2', 'none'),
      rest('51:04.700000', 'db3', 'none'),
      rest('51:05.500000', 'db1', 'none'),
      rest('51:11.300000', 'db2', 'primary', 3),
      rest('51:14.200000', 'db1', 'replica', 3),
      rest('51:14.300000', 'db3', 'replica', 3),
      rest('51:17.000000', 'db2', 'primary (stopping)'),
      rest('51:17.600000', 'db1', 'primary', 4),
      rest('51:19.100000', 'db2', 'replica', 4),
      rest('51:19.200000', 'db3', 'replica', 4),
    ],
    gaps: [],
  };
}
