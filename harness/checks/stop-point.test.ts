import type { RecoveryTarget } from '../record/recovery';
import { branchOf } from './branch';
import { honestEvidence } from './honest-evidence';
import { checkResult } from './judge';
import { historyText, rewriteHistories } from './spoiled-history';
import { there, type Spoiled } from './spoiled';
import { stopPoint } from './stop-point';

const result = (vary?: (spoiled: Spoiled) => void) => checkResult(stopPoint, honestEvidence(vary));
/** What log, WAL and history say; the records at the branch have a file of their own. */
const sources = (vary?: (spoiled: Spoiled) => void) =>
  result(vary)
    .findings.slice(0, 3)
    .map(({ status }) => status);
const [KEPT_2, , KEPT, BOUNDARY, NEXT] = there(honestEvidence().episodes[0]?.clusters['main']?.ledger, 'ledger').around;

/** The honest recovery, had it been told to stop in another way. */
function toldTo(spoiled: Spoiled, target: RecoveryTarget, words: string, reason: string): void {
  there(spoiled.recovery.plan, 'plan').target = target;
  spoiled.recovery.stop = [words];
  rewriteHistories(spoiled, (history) => {
    const branch = branchOf(history, spoiled.newTimeline);
    return historyText(history.ancestors.map((row) => (row === branch?.row ? { ...row, reason } : row)));
  });
}

describe('stop-point', () => {
  test('four sources › agree', () => {
    const { status, findings } = result();
    expect(status).toBe('ok');
    expect(findings.map(({ found }) => found)).toEqual([
      'recovery stopping before commit of transaction 15870, time 2026-11-21 05:51:02.131044+00',
      'COMMIT of 15870 at 0/7A1B420, 2026-11-21 05:51:02.131044+00',
      'before 2026-11-21 05:51:02.131044+00',
      'last Heap/INSERT at 0/7A1B3E8, then Transaction/COMMIT of 15870 at 0/7A1B420',
    ]);
  });

  test('time zones › are compared as moments', () => {
    const { status } = result(({ recovery, ledger }) => {
      recovery.stop = [
        'LOG:  recovery stopping before commit of transaction 15870, time 2026-11-21 12:51:02.131044+07',
      ];
      there(ledger.boundary, 'boundary').time = '2026-11-21 05:51:02.131044Z';
    });
    expect(status).toBe('ok');
  });

  test('commits of one microsecond › are said, with the way out', () => {
    const { status, findings } = result(({ ledger }) => {
      there(ledger.around[4], 'commit').time = '2026-11-21 05:51:02.131044+00';
      ledger.tiesAtBoundary = 2;
    });
    expect(status).toBe('ok');
    expect(findings[1]?.detail?.[0]).toMatch(
      /^2 commits share the boundary's microsecond .* lsn:0\/7A1B548, exclusive, can$/,
    );
  });

  test('commits of one microsecond that were not kept › are counted all the same', () => {
    const { findings } = result(({ ledger }) => void (ledger.tiesAtBoundary = 3));
    expect(findings[1]?.detail?.[0]).toMatch(/^3 commits share .* lsn:0\/7A1B420, inclusive, can$/);
  });

  const { lsn, xid, time } = there(BOUNDARY, 'boundary');
  test.each<[string, RecoveryTarget, string, string]>([
    [
      'xid, exclusive',
      { kind: 'xid', xid, inclusive: false },
      `LOG:  recovery stopping before commit of transaction ${xid}, time ${time}`,
      `before transaction ${xid}`,
    ],
    [
      'xid with its epoch',
      { kind: 'xid', xid: String(2n ** 32n + BigInt(xid)), inclusive: false },
      `LOG:  recovery stopping before commit of transaction ${xid}, time ${time}`,
      `before transaction ${xid}`,
    ],
    [
      'xid, inclusive',
      { kind: 'xid', xid: KEPT?.xid ?? '', inclusive: true },
      `LOG:  recovery stopping after commit of transaction ${KEPT?.xid}, time ${KEPT?.time}`,
      `after transaction ${KEPT?.xid}`,
    ],
    [
      'lsn, exclusive',
      { kind: 'lsn', lsn, inclusive: false },
      `LOG:  recovery stopping before WAL location (LSN) "${lsn}"`,
      `before LSN ${lsn}`,
    ],
    [
      'lsn of a commit, inclusive',
      { kind: 'lsn', lsn: KEPT?.lsn ?? '', inclusive: true },
      `LOG:  recovery stopping after WAL location (LSN) "${KEPT?.lsn}"`,
      `after LSN ${KEPT?.lsn}`,
    ],
    [
      'lsn between commits, inclusive',
      { kind: 'lsn', lsn: '0/7A1B3C0', inclusive: true },
      'LOG:  recovery stopping after WAL location (LSN) "0/7A1B3C8"',
      'after LSN 0/7A1B3C8',
    ],
    [
      'name',
      { kind: 'name', name: 'before "it"' },
      'LOG:  recovery stopping at restore point "before "it"", time 2026-11-21 05:51:02.120000+00',
      'at restore point "before "it""',
    ],
    ['immediate', { kind: 'immediate' }, 'LOG:  recovery stopping after reaching consistency', 'reached consistency'],
  ])('%s › its own words agree', (_name, target, words, reason) => {
    expect(sources((spoiled) => toldTo(spoiled, target, words, reason))).toEqual(['ok', 'ok', 'ok']);
  });

  test('latest › has no stop, no boundary and no reason', () => {
    const latest = (words: string) =>
      result((spoiled) => {
        toldTo(spoiled, { kind: 'latest' }, words, 'no recovery target specified');
        delete spoiled.ledger.boundary;
      });
    expect(latest('LOG:  redo done at 0/7C40010').status).toBe('ok');
    expect(latest('LOG:  recovery stopping after reaching consistency').status).toBe('failed');
  });

  test('an inclusive LSN › that is a commit keeps it: the boundary is the next', () => {
    const { findings } = result((spoiled) => {
      toldTo(
        spoiled,
        { kind: 'lsn', lsn, inclusive: true },
        `LOG:  recovery stopping after WAL location (LSN) "${lsn}"`,
        `after LSN ${lsn}`,
      );
    });
    expect(findings.slice(0, 3).map(({ status }) => status)).toEqual(['failed', 'failed', 'ok']);
    expect(findings[1]?.found).toContain(`the rule gives COMMIT of ${NEXT?.xid}`);
  });

  test('a stop before the target LSN, or on the wrong side of a transaction › is red', () => {
    const early = result((spoiled) =>
      toldTo(
        spoiled,
        { kind: 'lsn', lsn, inclusive: false },
        'LOG:  recovery stopping before WAL location (LSN) "0/7A1B400"',
        'before LSN 0/7A1B400',
      ),
    );
    expect(early.findings[0]?.status).toBe('failed');
    const after = `LOG:  recovery stopping after commit of transaction ${xid}, time ${time}`;
    const late = result((spoiled) =>
      toldTo(spoiled, { kind: 'xid', xid, inclusive: false }, after, `after transaction ${xid}`),
    );
    expect(late.findings.slice(0, 3).map(({ status }) => status)).toEqual(['failed', 'ok', 'failed']);
  });

  test('another xid, or another name, than the target’s › is red in both sources', () => {
    const kept = there(KEPT, 'commit');
    const other = there(KEPT_2, 'commit');
    const xidTarget: RecoveryTarget = { kind: 'xid', xid: kept.xid, inclusive: true };
    const byXid = result((spoiled) =>
      toldTo(
        spoiled,
        xidTarget,
        `LOG:  recovery stopping after commit of transaction ${other.xid}, time ${other.time}`,
        `after transaction ${other.xid}`,
      ),
    );
    const byName = result((spoiled) =>
      toldTo(
        spoiled,
        { kind: 'name', name: 'a' },
        `LOG:  recovery stopping at restore point "b", time ${other.time}`,
        'at restore point "b"',
      ),
    );
    for (const { findings } of [byXid, byName])
      expect(findings.slice(0, 3).map(({ status }) => status)).toEqual(['failed', 'ok', 'failed']);
  });

  test.each<[string, (spoiled: Spoiled) => void, string[]]>([
    ['no boundary', ({ ledger }) => void delete ledger.boundary, ['unverified', 'unverified', 'unverified']],
    ['no commits around the boundary', ({ ledger }) => void (ledger.around = []), ['ok', 'unverified', 'ok']],
    [
      'no history of the branch anywhere',
      ({ members, archive }) => {
        archive.histories = {};
        for (const member of members) delete member.history;
      },
      ['ok', 'ok', 'unverified'],
    ],
    [
      'an LSN target without words',
      ({ recovery }) => {
        there(recovery.plan, 'plan').target = { kind: 'lsn', lsn, inclusive: false };
        recovery.stop = [];
      },
      ['unverified', 'unverified', 'failed'],
    ],
  ])('%s › leaves just these sources without an answer', (_name, vary, statuses) => {
    expect(sources(vary)).toEqual(statuses);
  });

  test('the last commit kept › takes part in the rule, also when it is not among those around', () => {
    const { findings } = result(({ ledger, recovery }) => {
      ledger.around = ledger.around.slice(3);
      there(recovery.plan, 'plan').target = { kind: 'time', time: '2026-11-21 05:51:02.100000+00', inclusive: true };
    });
    expect(findings[1]?.found).toContain('but the rule gives COMMIT of 15871 at 0/7A1B2F8');
  });

  test('another transaction in the log › is red and shows the line', () => {
    const words = `LOG:  recovery stopping before commit of transaction ${KEPT_2?.xid}, time ${KEPT_2?.time}`;
    const { findings } = result(({ recovery }) => void (recovery.stop = [words]));
    expect(findings[0]).toMatchObject({ status: 'failed', detail: expect.arrayContaining([words]) });
  });

  test('an abort in the log where the WAL has a commit › is red', () => {
    const { findings } = result(
      ({ recovery }) => void (recovery.stop = [`recovery stopping before abort of transaction ${xid}, time ${time}`]),
    );
    expect(findings[0]?.status).toBe('failed');
  });

  test('the boundary by the stop rule › is compared with the one recorded', () => {
    const { findings } = result(({ recovery }) => {
      there(recovery.plan, 'plan').target = { kind: 'time', time: '2026-11-21 05:51:02.100000+00', inclusive: true };
    });
    expect(findings[1]).toMatchObject({ status: 'failed' });
    expect(findings[1]?.found).toContain('but the rule gives ABORT of 15869 at 0/7A1B1D0');
  });

  test('a time target › at equality is kept when inclusive, left out when exclusive', () => {
    const at = (inclusive: boolean) =>
      result(({ recovery }) => void (there(recovery.plan, 'plan').target = { kind: 'time', time, inclusive }))
        .findings[1]?.status;
    expect([at(true), at(false)]).toEqual(['failed', 'ok']);
  });

  test("the leader's history › counts, not that of a member whose name comes first", () => {
    const { findings } = result(({ cluster: { members } }) => {
      there(members['db1'], 'db1').inRecovery = true;
      there(members['db1'], 'db1').history = '1\t0/7A1B420\tno recovery target specified\n';
      there(members['db3'], 'db3').inRecovery = false;
    });
    expect(findings[2]?.status).toBe('ok');
  });

  test('the history in the archive › stands in for members that have none of the branch', () => {
    const { findings } = result(({ members }) => {
      for (const member of members) delete member.history;
    });
    expect(findings[2]?.status).toBe('ok');
  });

  test.each<[string, (spoiled: Spoiled) => void]>([
    ['no recovery', ({ episode }) => void delete episode.recovery],
    ['a recovery that threw', ({ recovery }) => void (recovery.outcome = 'failed')],
    ['no plan', ({ recovery }) => void delete recovery.plan],
    ['no words', ({ recovery }) => void (recovery.stop = [])],
    ['words about something else', ({ recovery }) => void (recovery.stop = ['LOG:  redo done at 0/7A1B420'])],
    [
      'words with a time that is none',
      ({ recovery }) =>
        void (recovery.stop = ['LOG:  recovery stopping before commit of transaction 1, time yesterday']),
    ],
    ['no boundary', ({ ledger }) => void delete ledger.boundary],
    ['no cluster with the recovered node', ({ recovery }) => void (recovery.node = 'db9')],
  ])('%s › is unverified', (_name, vary) => expect(result(vary).status).toBe('unverified'));

  test('a recovery that was not run › is red', () => {
    expect(result(({ recovery }) => void (recovery.outcome = 'skipped')).status).toBe('failed');
  });

  test('a recovery that is expected to be refused › not applicable', () => {
    expect(
      result(({ episode }) => void (episode.expectation = { kind: 'refused', code: 'PGDRILL_WAL_GAP' })).status,
    ).toBe('not-applicable');
  });
});
