import type { Content } from '../record/fingerprint';
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

  const changeTickets = (spoiled: Spoiled): void => {
    there(spoiled.content(spoiled.replica).tables['book.tickets'], 'table').sum = '2';
  };

  test('a changed row › is narrowed to the row by its key', () => {
    const { findings } = result((spoiled) => {
      changeTickets(spoiled);
      spoiled.replica.narrowed = {
        schemas: [],
        tables: [
          {
            database: 'thai',
            table: 'book.tickets',
            against: '20740 rows kept at the baseline',
            differing: '7',
            rows: [
              { key: '4711', how: 'changed', now: '(4711,12,"KIM, ANNA")' },
              { key: '5000', how: 'missing' },
              { key: '(x)', how: 'added', times: 3, now: '(x)' },
            ],
          },
        ],
      };
    });
    expect(reds(findings)).toHaveLength(1);
    expect(reds(findings)[0]).toMatchObject({ member: 'db2', found: '1 differ: book.tickets' });
    expect(reds(findings)[0]?.detail?.slice(0, -1)).toEqual([
      'book.tickets: 20740 rows as before, but other content',
      '  7 rows differ, compared with 20740 rows kept at the baseline:',
      '  changed 4711: now (4711,12,"KIM, ANNA")',
      '  missing 5000',
      '  added (x) (3 times): now (x)',
      '  and 2 more',
      "look: pgdrill enter --psql db2 -- -d thai -c 'SELECT count(*) FROM book.tickets'",
    ]);
  });

  test('a changed row › that could not be narrowed says why', () => {
    const table = { database: 'thai', table: 'book.tickets', against: 'nothing', rows: [], limit: 'no other member' };
    const { findings } = result((spoiled) => {
      changeTickets(spoiled);
      spoiled.replica.narrowed = { schemas: [], tables: [table] };
    });
    expect(reds(findings)[0]?.detail?.[1]).toBe('  no other member');
    expect(reds(result(changeTickets).findings)[0]?.detail?.[1]).toBe('  which rows: was not looked for');
  });

  test('a sample › is ok and named; against a whole it is unverified, unless rows are missing', () => {
    const sample = (contents: Content[]): void => {
      for (const { tables } of contents) there(tables['book.tickets'], 'table').sampledOneIn = 64;
    };
    const everywhere = (spoiled: Spoiled): Content[] => [
      there(spoiled.cluster.baseline?.databases['thai'], 'baseline'),
      ...spoiled.members.map((member) => spoiled.content(member)),
    ];
    const { status, findings } = result((spoiled) => sample(everywhere(spoiled)));
    expect(status).toBe('ok');
    expect(findings.map(({ found }) => found)).toContain(
      'all equal, 1 in part: book.tickets (rows counted, one in 64 compared)',
    );
    const oneSided = (spoiled: Spoiled): void => sample([spoiled.content(spoiled.replica)]);
    expect(result(oneSided).status).toBe('unverified');
    const fewer = result((spoiled) => {
      oneSided(spoiled);
      there(spoiled.content(spoiled.replica).tables['book.tickets'], 'table').rows = '20739';
    });
    expect(reds(fewer.findings)[0]?.detail?.[0]).toBe('book.tickets: 20740 rows before, 20739 now');
  });

  test('another schema › is named in the lines of the catalogue', () => {
    const { findings } = result((spoiled) => {
      spoiled.content(spoiled.leader).schema = '0';
      const lines = [{ how: 'missing' as const, line: 'index CREATE INDEX i ON book.bus USING btree (id)' }];
      spoiled.leader.narrowed = { tables: [], schemas: [{ database: 'thai', differing: 3, lines }] };
    });
    expect(reds(findings)[0]).toMatchObject({ member: 'db1', found: '3 lines of the catalogue differ' });
    expect(reds(findings)[0]?.detail?.slice(0, 2)).toEqual([
      'missing: index CREATE INDEX i ON book.bus USING btree (id)',
      'and 2 more',
    ]);
  });

  test.each([
    ['counts down and went on', { lastValue: '-42', descending: true }, 'ok'],
    ['counts down and went back', { lastValue: '12', descending: true }, 'failed'],
    ['started again', { lastValue: '1', cycles: true }, 'ok'],
    ['would give its last number out again', { lastValue: '10', called: false }, 'failed'],
  ] as const)('a sequence that %s › %s is %s', (_name, now, expected) => {
    const { status } = result((spoiled) => {
      for (const member of spoiled.members)
        Object.assign(there(spoiled.content(member).sequences['book.bus_id_seq'], 'sequence'), now);
    });
    expect(status).toBe(expected);
  });

  test('unlogged rows › are right on the timeline of before, wrong on a later one', () => {
    const rows = ({ leader }: Spoiled, timeline: number): void => {
      leader.timeline = timeline;
      there(leader.content?.['thai']?.unlogged, 'unlogged')['book.seen'] = { rows: '12' };
    };
    expect(result((spoiled) => rows(spoiled, 1)).status).toBe('ok');
    const { findings } = result((spoiled) => rows(spoiled, 2));
    expect(reds(findings)[0]?.detail?.[0]).toBe('book.seen: 12 rows, 12 before');
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
