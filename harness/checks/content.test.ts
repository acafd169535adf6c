import type { Finding } from '../record/finding';
import { content } from './content';
import { honestEvidence } from './honest-evidence';
import { checkResult } from './judge';
import { there, type Spoiled } from './spoiled';

const result = (vary?: (spoiled: Spoiled) => void) => checkResult(content, honestEvidence(vary));
const reds = (findings: Finding[]): Finding[] => findings.filter(({ status }) => status === 'failed');

describe('content', () => {
  test('as in the baseline › is ok on every member', () => {
    const { status, findings } = result();
    expect(status).toBe('ok');
    expect(new Set(findings.map(({ member }) => member))).toEqual(new Set(['db1', 'db2', 'db3']));
  });

  test('a changed row › is narrowed to its table and bucket', () => {
    const { findings } = result((spoiled) => {
      const table = there(spoiled.content(spoiled.replica).tables['book.tickets'], 'table');
      there(table.buckets?.['2'], 'bucket').sum = '1';
      table.sum = '2';
    });
    expect(reds(findings)).toHaveLength(1);
    expect(reds(findings)[0]).toMatchObject({ member: 'db2', found: '1 differ: book.tickets' });
    expect(reds(findings)[0]?.detail?.[0]).toBe(
      'book.tickets: 20740 rows as before, but other content; buckets that differ: 2',
    );
  });

  test('rows gone › says how many there were', () => {
    const { findings } = result((spoiled) => {
      Object.assign(there(spoiled.content(spoiled.leader).tables['book.nam'], 'table'), { rows: '0', sum: '0' });
    });
    expect(reds(findings)[0]?.detail?.[0]).toBe('book.nam: 350 rows before, 0 now');
  });

  test('a table more › is red too', () => {
    const { findings } = result((spoiled) => {
      spoiled.content(spoiled.leader).tables['public.extra'] = { rows: '1', sum: '1' };
    });
    expect(reds(findings)[0]?.detail?.[0]).toBe('public.extra: was not there before, has 1 rows');
  });

  test('a sequence up to 32 ahead › is as it should be', () => {
    const { status } = result((spoiled) => {
      for (const [index, member] of spoiled.members.entries()) {
        there(spoiled.content(member).sequences['book.tickets_id_seq'], 'sequence').lastValue = String(
          20740 + 16 * index,
        );
      }
    });
    expect(status).toBe('ok');
  });

  test('a sequence behind its column › is red only where it was not before', () => {
    const behind = (spoiled: Spoiled): void => {
      for (const member of spoiled.members)
        there(spoiled.content(member).sequences['book.bus_id_seq'], 'sequence').behindColumn = true;
    };
    expect(result(behind).status).toBe('failed');
    const before = result((spoiled) => {
      behind(spoiled);
      there(spoiled.cluster.baseline?.databases['thai']?.sequences['book.bus_id_seq'], 'sequence').behindColumn = true;
    });
    expect(before.status).toBe('ok');
  });

  test('a sequence gone, and one more › are red', () => {
    const { findings } = result((spoiled) => {
      const { sequences } = spoiled.content(spoiled.leader);
      sequences['book.other_seq'] = there(sequences['book.bus_id_seq'], 'sequence');
      delete sequences['book.bus_id_seq'];
    });
    expect(reds(findings)[0]?.detail?.slice(0, 2)).toEqual([
      'book.bus_id_seq: is not there',
      'book.other_seq: was not there before',
    ]);
  });

  test("the ledger's database › is judged by row, not here", () => {
    const { status } = result((spoiled) => {
      const ledger = (rows: string) => ({
        tables: { 'public.entry': { rows, sum: rows } },
        sequences: {},
        schema: 'x',
      });
      there(spoiled.cluster.baseline, 'baseline').databases['ledger'] = ledger('10');
      for (const member of spoiled.members) there(member.content, 'content')['ledger'] = ledger('6000');
    });
    expect(status).toBe('ok');
  });

  test('a database that is gone, and one that does not connect › are named', () => {
    const { findings } = result(({ leader }) => {
      leader.databases = {
        ledger: { connects: true },
        thai: { connects: false, error: 'cannot connect to invalid database "thai"' },
      };
    });
    expect(reds(findings)[0]?.detail?.slice(0, 2)).toEqual([
      'postgres: is not there',
      'thai: cannot connect to invalid database "thai"',
    ]);
  });

  test.each<[string, (spoiled: Spoiled) => void]>([
    ['no baseline', ({ cluster }) => void delete cluster.baseline],
    ['a baseline without tables', ({ cluster }) => void (cluster.baseline = { databases: {}, takenOn: 'db1' })],
    ['a member not read', ({ replica }) => void delete replica.content],
    ['databases not tried', ({ replica }) => void delete replica.databases],
    ['databases not noted', ({ cluster }) => void (cluster.databases = [])],
  ])('%s › is unverified', (_name, vary) => expect(result(vary).status).toBe('unverified'));

  test('an accident without proof and without a recovery › not applicable', () => {
    const { status, findings } = result(({ episode }) => {
      delete episode.recovery;
      delete episode.incident;
    });
    expect(status).toBe('not-applicable');
    expect(findings[0]?.found).toBe('the accident has no proof, so nothing was recovered');
  });
});
