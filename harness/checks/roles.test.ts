import { honestEvidence } from './honest-evidence';
import { checkResult } from './judge';
import { leadersByRest } from './leader-changes';
import { roles } from './roles';
import { rolesSabotages } from './roles.sabotage';
import { there, type Spoiled } from './spoiled';

const result = (vary?: (spoiled: Spoiled) => void) => checkResult(roles, honestEvidence(vary));
const sabotaged = (id: string) => rolesSabotages.find((one) => one.id === id)!.apply(honestEvidence());
const texts = ({ findings }: ReturnType<typeof result>) =>
  findings.map(({ status, found, detail = [] }) => [status, found, ...detail].join('\n'));
const watched = ({ cluster }: Spoiled) => there(cluster.roles, 'roles');

describe('roles', () => {
  test('an honest run › ok, with the leaders in their order', () => {
    const said = result();
    expect(said.status).toBe('ok');
    expect(texts(said)).toEqual([
      'ok\nnone: db1 on timeline 1, db2 on timeline 3, db1 on timeline 4',
      'ok\ndb1 on timeline 1, db2 on timeline 3, db1 on timeline 4',
      'ok\ndb1 → db2 → db1',
    ]);
  });

  test('two writers › red, with both halves of the proof; counted where the accident declares them', () => {
    const evidence = sabotaged('two-writers');
    const red = checkResult(roles, evidence);
    expect(red.status).toBe('failed');
    expect(texts(red)[0]).toContain('failed\ndb1 on timeline 1 and db2 on timeline 3');
    expect(red.findings[0]?.detail?.filter((line) => line.includes('acknowledged a write sent at'))).toHaveLength(2);
    evidence.episodes[0]!.twoWritersDeclared = true;
    const declared = checkResult(roles, evidence);
    expect(declared.status).toBe('ok');
    expect(texts(declared)[0]).toContain('ok\ndb1 on timeline 1 and db2 on timeline 3');
  });

  test('two writers declared › none of them is fine too', () => {
    expect(result(({ episode }) => void (episode.twoWritersDeclared = true)).status).toBe('ok');
  });

  test('two writers › are red also where nobody watched the key', () => {
    const evidence = sabotaged('two-writers');
    delete evidence.episodes[0]!.clusters.main!.roles;
    expect(checkResult(roles, evidence).status).toBe('failed');
  });

  test.each<[string, (spoiled: Spoiled) => void]>([
    ['nobody watched', ({ cluster }) => void delete cluster.roles],
    ['the ledger has no terms', ({ ledger }) => void delete ledger.terms],
    ['no write was acknowledged', ({ ledger }) => void (ledger.terms = [])],
    ['no ledger', ({ cluster }) => void delete cluster.ledger],
    ['no cluster', ({ episode }) => void (episode.clusters = {})],
    [
      'the watch began after the first term',
      (spoiled) => {
        const record = watched(spoiled);
        record.from = '2026-11-21 05:51:10.000000+00';
        record.leaderKey = record.leaderKey.slice(2);
      },
    ],
  ])('%s › unverified', (_name, vary) => expect(result(vary).status).toBe('unverified'));

  test('changes that nothing explains › counted, no fault by themselves', () => {
    const said = result((spoiled) => {
      const record = watched(spoiled);
      record.leaderKey.splice(1, 0, { at: '2026-11-21 05:50:59.000000+00', member: 'db3', revision: '50' });
    });
    expect(said.status).toBe('ok');
    expect(texts(said)[2]).toBe(
      'ok\ndb1 → db3 → db2 → db1; 1 not explained by recovery or switchover\nnot explained by recovery or switchover: db3 at 2026-11-21 05:50:59.000000+00',
    );
  });

  test('a gap in which no term hangs › said, with its reason', () => {
    const said = result(
      (spoiled) => void watched(spoiled).gaps.push({ from: '2026-11-21 05:51:30+00', why: 'etcd2: does not run' }),
    );
    expect(said.status).toBe('ok');
    expect(texts(said)[2]).toContain('etcd not watched from 2026-11-21 05:51:30+00 to the end: etcd2: does not run');
  });

  test('Patroni naming two leaders › a hint from one second on', () => {
    const at = (seconds: number) => `2026-11-21 05:51:${String(seconds).padStart(2, '0')}.000000+00`;
    const said = (until: number) =>
      leadersByRest({
        from: at(0),
        to: at(59),
        leaderKey: [],
        gaps: [],
        rest: [
          { at: at(1), member: 'db1', role: 'master' },
          { at: at(20), member: 'db2', role: 'primary' },
          { at: at(until), member: 'db1', role: 'replica' },
        ],
      });
    expect(said(21)).toEqual([]);
    expect(said(25)).toEqual([{ members: ['db1', 'db2'], micros: 5_000_000n }]);
  });
});
