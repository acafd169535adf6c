import { honestEvidence } from './honest-evidence';
import { checkResult } from './judge';
import { restoredAside } from './restored-aside';
import { there, without, type Spoiled } from './spoiled';

const result = (vary?: (spoiled: Spoiled) => void) => checkResult(restoredAside, honestEvidence(vary));
const failed = (vary: (spoiled: Spoiled) => void) => result(vary).findings.filter(({ status }) => status === 'failed');

describe('restored-aside', () => {
  test('all as it should be › every finding is ok, and those about the restored server are named so', () => {
    const { status, findings } = result();
    expect(status).toBe('ok');
    expect(new Set(findings.map(({ check }) => check))).toEqual(new Set(['restored-aside']));
    expect(new Set(findings.map(({ member }) => member))).toEqual(new Set([undefined, 'aside']));
  });

  test('a run that was not --deep › not applicable, in words', () => {
    const { status, findings } = result(({ cluster, evidence }) => {
      delete cluster.restoredAside;
      delete evidence.run.deep;
    });
    expect(status).toBe('not-applicable');
    expect(findings[0]?.found).toContain('not --deep');
  });

  test('nothing was recovered › not applicable, --deep or not', () => {
    const { status, findings } = result(({ recovery }) => void (recovery.outcome = 'skipped'));
    expect(status).toBe('not-applicable');
    expect(findings[0]?.found).toContain('no fresh backup to restore');
  });

  test.each<[string, (spoiled: Spoiled) => void, string]>([
    [
      'a transaction missing',
      ({ restoredAside: { member } }) => void (member.ledger = without(member.ledger, 17)),
      '1 missing',
    ],
    ['half of one', ({ restoredAside: { member } }) => void (member.ledgerHalves = '17'), '1 there by half'],
    [
      'a later row',
      ({ restoredAside: { member } }) => void (there(member.probe, 'probe').found = 'aside before 7, aside after 7'),
      'aside before 7, aside after 7',
    ],
    [
      'neither row',
      ({ restoredAside: { member } }) => void (there(member.probe, 'probe').found = 'nothing'),
      'nothing',
    ],
    [
      'a stop at another place',
      ({ restoredAside: seen }) => void (seen.stop[0] = there(seen.stop[0], 'words').replace('0/B012400', '0/B012440')),
      'recovery stopping before WAL location (LSN) "0/B012440"',
    ],
    [
      'a stop after the record',
      ({ restoredAside: seen }) => void (seen.stop[0] = there(seen.stop[0], 'words').replace('before', 'after')),
      'recovery stopping after WAL location (LSN) "0/B012400"',
    ],
    [
      'a branch at another place',
      ({ restoredAside: seen }) =>
        void (seen.history = there(seen.history, 'history').replace('4\t0/B012400', '4\t0/B012380')),
      'it branched at 0/B012380',
    ],
    [
      "another way than the leader's",
      ({ restoredAside: seen }) =>
        void (seen.history = there(seen.history, 'history').replace('3\t0/A0000A0', '3\t0/A0000B0')),
      "its way is not the leader's",
    ],
    [
      'a timeline left before',
      ({ restoredAside: seen }) => {
        const rows = there(seen.history, 'history').split('\n').filter(Boolean);
        seen.history = [...rows.slice(0, 2), `3\t0/B012400\tbefore LSN 0/B012400`, ''].join('\n');
      },
      'it left timeline 3',
    ],
    [
      "Barman's failure",
      ({ restoredAside: seen }) => void (seen.failed = '"barman recover" ended with 1: no such backup'),
      'no such backup',
    ],
  ])('%s › is red', (_name, vary, found) => {
    expect(failed(vary).map((finding) => finding.found)).toEqual([expect.stringContaining(found)]);
  });

  test('a point right behind a page header › the record before it ends one header earlier', () => {
    const at = (lsn: string, end: string) =>
      result(({ restoredAside: seen }) => {
        seen.target = { kind: 'lsn', lsn, inclusive: false };
        seen.stop = seen.stop.map((line) => line.replace('0/B012400', lsn));
        seen.history = there(seen.history, 'history')
          .replace('4\t0/B012400', `4\t${end}`)
          .replace('LSN 0/B012400', `LSN ${lsn}`);
      }).status;
    expect(at('0/B014018', '0/B014000')).toBe('ok');
    expect(at('0/C000028', '0/C000000')).toBe('ok');
    expect(at('0/B014030', '0/B014018')).toBe('failed');
  });

  test("without a baseline › the leader's content stands in for it, and a difference is still red", () => {
    const noBaseline = ({ cluster }: Spoiled) => void delete cluster.baseline;
    expect(result(noBaseline).status).toBe('ok');
    expect(
      result((spoiled) => {
        noBaseline(spoiled);
        there(Object.values(spoiled.content(spoiled.restoredAside.member).tables)[0], 'table').rows = '1';
      }).status,
    ).toBe('failed');
  });

  test.each<[string, (spoiled: Spoiled) => void]>([
    ['nothing was due', ({ restoredAside: seen }) => void (seen.due = '')],
    ['rows not read', ({ restoredAside: { member } }) => void delete member.ledger],
    ['no history', ({ restoredAside: seen }) => void delete seen.history],
    ['integrity not read', ({ restoredAside: { member } }) => void delete member.integrity],
    ['system not asked', ({ restoredAside: { member } }) => void delete member.systemIdentifier],
    ['archive not compared', ({ restoredAside: seen }) => void delete seen.source],
  ])('%s › is unverified', (_name, vary) => expect(result(vary).status).toBe('unverified'));
});
