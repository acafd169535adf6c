import type { CheckResult, Verdict } from '../harness/record/verdict';
import type { SessionRecord, SessionRun } from '../harness/record/session';

/** A verdict to render in tests: one check of each status, and everything that wants escaping. */
export function sampleVerdict(change: Partial<Verdict> = {}): Verdict {
  return {
    format: 1,
    pgdrill: '0.1.0',
    run: '20261121t055102-3fa9c1',
    drill: 'delete-without-where',
    title: 'DELETE without WHERE, undone by PITR on an isolated replica',
    seed: 4711,
    stack: 'bookworm',
    outcome: 'failed',
    checks: sampleChecks(),
    notCovered: ['large objects', 'roles'],
    figures: {
      rtoWritesMs: 12_345,
      rtoFullMs: 24_100,
      rpoMs: 0,
      acknowledged: 12_345,
      recovered: 12_000,
      lost: 1,
      phantom: 0,
      indeterminate: 3,
      discardedBefore: 120,
      discardedDuring: 0,
      resumed: 450,
    },
    ...change,
  };
}

function sampleChecks(): CheckResult[] {
  const lost = {
    check: 'acknowledged-writes',
    status: 'failed' as const,
    episode: 0,
    cluster: 'main',
    expected: 'all of 1-1204',
    found: '1 is missing: 733',
    detail: [
      'committed at 05:51:02.123456, <LSN> 0/3000148 & "xid" 812',
      'look: SELECT * FROM ledger.entry WHERE id = 733',
    ],
  };
  return [
    {
      check: 'accident',
      version: 1,
      title: 'The accident took effect',
      oracle: 1,
      status: 'ok',
      findings: [
        { check: 'accident', status: 'ok', episode: 0, expected: '0 rows left', found: '50,000 rows deleted' },
      ],
    },
    {
      check: 'acknowledged-writes',
      version: 1,
      title: 'Every acknowledged write before the target is on every member',
      oracle: 2,
      status: 'failed',
      findings: [
        { ...lost, member: 'db2' },
        { ...lost, member: 'db3' },
        {
          check: 'acknowledged-writes',
          status: 'ok',
          episode: 0,
          cluster: 'main',
          member: 'db1',
          expected: 'all',
          found: 'all',
        },
      ],
    },
    {
      check: 'archive',
      version: 1,
      title: 'The archive holds everything that recovery needs',
      oracle: 9,
      status: 'unverified',
      findings: [
        {
          check: 'archive',
          status: 'unverified',
          episode: 0,
          cluster: 'main',
          expected: 'its segments',
          found: 'not gathered',
        },
      ],
    },
    {
      check: 'switchover',
      version: 1,
      title: 'A switchover loses nothing',
      oracle: 10,
      status: 'not-applicable',
      findings: [{ check: 'switchover', status: 'not-applicable', episode: 0, expected: '', found: 'none was made' }],
    },
  ];
}

/** One run with a verdict, to render in tests. */
export function sampleRun(change: Partial<SessionRun> = {}): SessionRun {
  return {
    run: '20261121t055102-3fa9c1',
    drill: 'delete-without-where',
    title: 'DELETE without WHERE, undone by PITR on an isolated replica',
    seed: 4711,
    started: '2026-11-21T05:51:02.000000Z',
    durationMs: 41_300,
    outcome: 'failed',
    interrupted: false,
    exitCode: 1,
    dir: '20261121t055102-3fa9c1',
    phases: [
      { phase: 'boot', title: 'Boot the cluster', outcome: 'done', durationMs: 7_900, summary: '3 members streaming' },
      { phase: 'observe', title: 'Gather evidence', outcome: 'done', durationMs: 2_000 },
    ],
    warnings: [],
    leftovers: [],
    verdict: sampleVerdict(),
    ...change,
  };
}

/** A session of these runs. */
export function sampleSession(runs: SessionRun[] = [sampleRun()], change: Partial<SessionRecord> = {}): SessionRecord {
  return {
    format: 1,
    session: '20261121t055101-aaaaaa',
    pgdrill: '0.1.0',
    node: '20.19.0',
    started: '2026-11-21T05:51:01.000000Z',
    durationMs: 42_000,
    arguments: ['run', 'delete-without-where', '--nodes', '3'],
    runs,
    notStarted: [],
    exitCode: 1,
    ...change,
  };
}
