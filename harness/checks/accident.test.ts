import { accident } from './accident';
import { honestEvidence } from './honest-evidence';
import { checkResult } from './judge';
import { there } from './spoiled';

describe('accident', () => {
  test('proof › is repeated in the finding, with the moment before', () => {
    const { status, findings } = checkResult(accident, honestEvidence());
    expect(status).toBe('ok');
    expect(findings[0]).toMatchObject({
      member: 'db1',
      expected: 'no row in book.tickets',
      found: '0 rows, 20740 before',
    });
    expect(findings[0]?.detail?.[0]).toContain('LSN 0/7A1B3C0');
  });

  test('an accident that did not take effect › is unverified', () => {
    const evidence = honestEvidence(({ episode }) => {
      there(episode.incident, 'incident').proof = {
        took: false,
        expected: 'no row in book.tickets',
        found: '20740 rows',
      };
    });
    const { status, findings } = checkResult(accident, evidence);
    expect(status).toBe('unverified');
    expect(findings[0]).toMatchObject({ expected: 'no row in book.tickets', found: '20740 rows' });
  });

  test('no accident › is unverified and says where the run ended', () => {
    const evidence = honestEvidence(({ evidence: all, episode }) => {
      delete episode.incident;
      all.stopped = {
        phase: 'accident',
        code: 'PGDRILL_QUERY',
        what: 'the server closed the connection',
        interrupted: false,
      };
    });
    const { status, findings } = checkResult(accident, evidence);
    expect(status).toBe('unverified');
    expect(findings[0]?.found).toBe('the run ended in phase "accident": the server closed the connection');
  });

  test('a run that ended before the accident › is not applicable, by name', () => {
    const evidence = honestEvidence(({ evidence: all, episode }) => {
      delete episode.incident;
      all.stopped = { phase: 'boot', code: 'PGDRILL_BOOT', what: 'no leader', interrupted: false };
    });
    const { status, findings } = checkResult(accident, evidence);
    expect(status).toBe('not-applicable');
    expect(findings[0]?.found).toBe('the run ended in phase "boot", before the accident');
  });
});
