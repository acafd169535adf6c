import type { Finding } from '../record/finding';
import { honestEvidence } from './honest-evidence';
import { checkResult } from './judge';
import { historyText, rewriteHistories } from './spoiled-history';
import { there, type Spoiled } from './spoiled';
import { timeline } from './timeline';

const result = (vary?: (spoiled: Spoiled) => void) => checkResult(timeline, honestEvidence(vary));
const reds = (findings: Finding[]): string[] =>
  findings.filter(({ status }) => status === 'failed').map(({ found }) => found);

/** Moves the branch, with everything that tells of it, and the record that stopped replay. */
function branchAt(spoiled: Spoiled, branchLsn: string, recordLsn: string): void {
  spoiled.recovery.branchLsn = branchLsn;
  there(spoiled.ledger.boundary, 'boundary').lsn = recordLsn;
  there(spoiled.cluster.parentRecord, 'record').lsn = recordLsn;
  there(there(spoiled.cluster.branchRecords, 'records').next, 'next').lsn = recordLsn;
  rewriteHistories(spoiled, ({ ancestors }) =>
    historyText(
      ancestors.map((row) => ({
        ...row,
        endLsn: row.timeline === 1 ? branchLsn : row.timeline === 2 ? '0/9000000' : row.endLsn,
      })),
    ),
  );
}

describe('timeline', () => {
  test('by hand, by Patroni, by a switchover › every step is explained', () => {
    const { status, findings } = result();
    expect(status).toBe('ok');
    expect(findings.find(({ member }) => member === 'db2')?.found).toBe('7574838383838383838');
    expect(findings.map(({ found }) => found)).toContain(
      '1 until 0/7A1B420 (before 2026-11-21 05:51:02.131044+00) → 2 until 0/7A1B500 (no recovery target specified) → 3 until 0/A0000A0 (no recovery target specified) → 4',
    );
  });

  test('one page header later › is the same place', () => {
    expect(result((spoiled) => branchAt(spoiled, '0/7A1C000', '0/7A1C018')).status).toBe('ok');
    expect(result((spoiled) => branchAt(spoiled, '0/8000000', '0/8000028')).status).toBe('ok');
  });

  test('24 bytes later within a page › is another place', () => {
    const { findings } = result((spoiled) => branchAt(spoiled, '0/7A1C100', '0/7A1C118'));
    expect(reds(findings)[0]).toBe(
      'branched at 0/7A1C100, but the next record of timeline 1 is Transaction/COMMIT at 0/7A1C118; branched at 0/7A1C100, the boundary is 0/7A1C118; branched at 0/7A1C100, but timeline 1 goes on at 0/7A1C118',
    );
  });

  test('a target that stops at some record before the boundary › branches right before a record of any kind', () => {
    const vary = (branchLsn: string, next: string) => (spoiled: Spoiled) => {
      branchAt(spoiled, branchLsn, '0/7A1B420');
      delete spoiled.cluster.parentRecord;
      there(spoiled.cluster.branchRecords, 'records').next = {
        lsn: next,
        prev: '0/7A1B2D0',
        rmgr: 'Heap',
        operation: 'INSERT',
      };
      there(spoiled.recovery.plan, 'plan').target = { kind: 'name', name: 'x' };
    };
    expect(result(vary('0/7A1B300', '0/7A1B300')).status).toBe('ok');
    expect(result(vary('0/7A1B300', '0/7A1B318')).status).toBe('failed');
    expect(result(vary('0/7A1A000', '0/7A1A018')).status).toBe('ok');
    expect(result(vary('0/7A1B500', '0/7A1B500')).status).toBe('failed');
  });

  test('replay that ended with a switch of WAL › branches at the end of the segment, a long page header before the next record', () => {
    const vary = (next: string) => (spoiled: Spoiled) => {
      branchAt(spoiled, '0/8000000', next);
      there(there(spoiled.cluster.branchRecords, 'records').last, 'last').operation = 'SWITCH';
    };
    expect(result(vary('0/8000028')).status).toBe('ok');
    expect(result(vary('0/8000050')).status).toBe('failed');
  });

  test("the parent's first commit after the branch › is the boundary, for every kind of target", () => {
    const vary = (lsn: string) => (spoiled: Spoiled) => {
      there(spoiled.recovery.plan, 'plan').target = { kind: 'name', name: 'x' };
      there(spoiled.cluster.parentRecord, 'record').lsn = lsn;
    };
    expect(result(vary('0/7A1B420')).status).toBe('ok');
    expect(result(vary('0/7A1B548')).status).toBe('failed');
  });

  test('no promotion by Patroni and no switchover › is fine too', () => {
    const { status } = result(({ cluster, members }) => {
      delete cluster.switchover;
      for (const member of members) {
        member.timeline = 2;
        member.history = '1\t0/7A1B420\tbefore 2026-11-21 05:51:02.131044+00\n';
      }
    });
    expect(status).toBe('ok');
  });

  test('a second promotion without a switchover › is not explained', () => {
    const { findings } = result(({ cluster }) => void delete cluster.switchover);
    expect(reds(findings)[0]).toBe('2 promotions after the recovery, of which 1 are explained');
  });

  test('a cluster that had failed over before › keeps its old ancestors', () => {
    const earlier = '1\t0/5000060\tno recovery target specified\n';
    const vary = (ancestor: string) => (spoiled: Spoiled) => {
      const { cluster, recovery, episode, members, ledger } = spoiled;
      cluster.historyBefore = earlier;
      there(episode.incident, 'incident').before.timeline = 2;
      there(recovery.plan, 'plan').targetTimeline = 2;
      there(ledger.boundary, 'boundary').timeline = 2;
      recovery.newTimeline = 3;
      delete cluster.switchover;
      for (const member of members) {
        member.timeline = 4;
        member.history = `${ancestor}2\t0/7A1B420\tbefore 2026-11-21 05:51:02.131044+00\n3\t0/7A1B500\tno recovery target specified\n`;
      }
    };
    expect(result(vary(earlier)).status).toBe('ok');
    expect(result(vary('1\t0/5000099\tno recovery target specified\n')).status).toBe('failed');
    expect(result(vary('')).status).toBe('failed');
  });

  test('a target on a timeline that was left before the accident › branches from there', () => {
    const { status } = result(({ cluster, episode, recovery, members }) => {
      cluster.historyBefore = '1\t0/7F00000\tno recovery target specified\n';
      there(episode.incident, 'incident').before.timeline = 2;
      recovery.newTimeline = 3;
      delete cluster.switchover;
      for (const member of members) {
        member.timeline = 3;
        member.history = '1\t0/7A1B420\tbefore 2026-11-21 05:51:02.131044+00\n';
      }
    });
    expect(status).toBe('ok');
  });

  test('a history that cannot be read › is red and shows why', () => {
    const { findings } = result(({ replica }) => void (replica.history = '4\t0/1\tnonsense\n'));
    expect(reds(findings)[0]).toContain('a history that cannot be read');
  });

  test('a backup of another system › is red', () => {
    const { findings } = result(({ cluster }) => void (there(cluster.backup, 'backup').systemIdentifier = '1'));
    expect(reds(findings)).toEqual(['1 in backup 20261121T055051']);
  });

  test.each<[string, (spoiled: Spoiled) => void]>([
    ['no recovery', ({ episode }) => void delete episode.recovery],
    ['a recovery without the place of its branch', ({ recovery }) => void delete recovery.branchLsn],
    ['no record after the branch', ({ cluster }) => void delete cluster.branchRecords],
    ['a recovery without a new timeline', ({ recovery }) => void delete recovery.newTimeline],
    ['no plan', ({ recovery }) => void delete recovery.plan],
    ['a member not asked', ({ replica }) => void delete replica.timeline],
    ['no system identifier at boot', ({ cluster }) => void (cluster.systemIdentifier = '0')],
    ['no history before the accident', ({ episode }) => void (there(episode.incident, 'incident').before.timeline = 3)],
    ['a target elsewhere', ({ recovery }) => void (there(recovery.plan, 'plan').targetTimeline = 9)],
  ])('%s › is unverified', (_name, vary) => expect(result(vary).status).toBe('unverified'));

  test('a recovery that was not run › is red; one expected to be refused is not applicable', () => {
    expect(result(({ recovery }) => void (recovery.outcome = 'skipped')).status).toBe('failed');
    expect(result(({ episode }) => void (episode.expectation = { kind: 'refused', code: 'PGDRILL_X' })).status).toBe(
      'not-applicable',
    );
  });
});
