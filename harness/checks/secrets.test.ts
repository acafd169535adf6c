import { honestEvidence } from './honest-evidence';
import { checkResult } from './judge';
import { secrets } from './secrets';
import { there, type Spoiled } from './spoiled';

const result = (vary?: (spoiled: Spoiled) => void) => checkResult(secrets, honestEvidence(vary));
const searched = ({ evidence }: Spoiled) => there(evidence.secrets, 'search');

describe('secrets', () => {
  test('none found › ok, with how many were looked for and where', () => {
    const { status, findings } = result();
    expect(status).toBe('ok');
    expect(findings[0]?.found).toBe('none of 7 secrets in 6 places');
  });

  test('one found › red, by name, place and line', () => {
    const { status, findings } = result(
      (spoiled) =>
        void searched(spoiled).found.push(
          { secret: 'ledger password', where: 'db1: /var/log/postgresql/postgresql.log', line: 12 },
          { secret: 'ledger password', where: 'configuration of db2' },
        ),
    );
    expect(status).toBe('failed');
    expect(findings[0]?.found).toBe('ledger password');
    expect(findings[0]?.detail?.slice(0, 2)).toEqual([
      'ledger password: db1: /var/log/postgresql/postgresql.log, line 12',
      'ledger password: configuration of db2',
    ]);
  });

  test('found in many places › the first ten, and how many there are', () => {
    const { findings } = result((spoiled) => {
      searched(spoiled).found = Array.from({ length: 40 }, (_, n) => ({ secret: 's', where: `log ${n}`, line: 1 }));
    });
    expect(findings[0]?.detail?.filter((line) => line.startsWith('s: log'))).toHaveLength(10);
    expect(findings[0]?.detail).toContain('… (40 places in all)');
  });

  test.each<[string, (spoiled: Spoiled) => void]>([
    ['nothing searched', ({ evidence }) => void delete evidence.secrets],
    ['no secret known', (spoiled) => void (searched(spoiled).secrets = 0)],
    ['no place searched', (spoiled) => void (searched(spoiled).searched = [])],
    ['a place not searched', (spoiled) => void (searched(spoiled).unsearched = [{ where: 'log of db1', why: 'x' }])],
  ])('%s › unverified', (_name, vary) => expect(result(vary).status).toBe('unverified'));

  test('found here, not searched there › red', () => {
    const { status } = result((spoiled) => {
      searched(spoiled).found.push({ secret: 's', where: 'log of db1' });
      searched(spoiled).unsearched = [{ where: 'log of db2', why: 'x' }];
    });
    expect(status).toBe('failed');
  });

  test('a run that ended before the accident › not applicable; a refused recovery is judged', () => {
    const stopped = { phase: 'boot', code: 'PGDRILL_DEADLINE', what: 'x', interrupted: false };
    const early = result(({ evidence, episode }) => {
      delete episode.incident;
      evidence.stopped = stopped;
    });
    expect(early.status).toBe('not-applicable');
    expect(result(({ episode }) => void (episode.expectation = { kind: 'refused', code: 'X' })).status).toBe('ok');
  });
});
