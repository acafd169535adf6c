import { planRescue, refuseMoved } from './surgical';
import type { ComparedRows, RescueFacts, RescueRequest, TableFacts } from './surgical-facts';
import { quotedTableName, tableNamed } from './surgical-names';
import { planAside } from './surgical-restore';
import { rescueShape } from './surgical-shape';
import { RescueSql } from './surgical-sql';
import { refusalOf, sampleFacts, sampleRequest } from './sample-facts';

const key = {
  name: 'orders_customer_fkey',
  from: '"public"."orders"',
  columns: ['customer'],
  to: '"public"."customers"',
  toColumns: ['id'],
  definition: 'FOREIGN KEY (customer) REFERENCES customers(id)',
};
const child = { ...key, name: 'lines_order_fkey', from: '"public"."lines"', columns: ['ord'], to: '"public"."orders"' };

function table(change: Partial<TableFacts> = {}): TableFacts {
  const column = (name: string, type = 'text') => ({ name, type, notNull: false, generated: false });
  return {
    kind: 'r',
    persistence: 'p',
    inherits: false,
    columns: [column('id', 'bigint'), column('customer', 'bigint'), column('note')],
    key: ['id'],
    triggers: [],
    references: [key],
    referencedBy: [child],
    sequences: [],
    views: [],
    ...change,
  };
}

function request(change: Partial<RescueRequest> = {}): RescueRequest {
  const { target, targetTimeline, backup } = sampleRequest();
  const table = { schema: 'public', name: 'orders' };
  return { target, targetTimeline, backup, database: 'shop', table, into: 'keep', ...change };
}

const facts = (change: Partial<RescueFacts> = {}): RescueFacts => ({
  leader: 'db1',
  aside: table(),
  there: table(),
  newTableThere: false,
  ...change,
});

const rows = (change: Partial<ComparedRows> = {}): ComparedRows => ({
  chosen: '100',
  undecided: '0',
  missing: '60',
  differing: '30',
  extra: '5',
  orphans: [{ key, rows: '0', examples: [] }],
  children: [{ key: child, rows: '0' }],
  samples: [],
  ...change,
});

const planned = (ask: Partial<RescueRequest>, found: Partial<RescueFacts> = {}, seen: Partial<ComparedRows> = {}) =>
  planRescue(request(ask), facts(found), rescueShape(request(ask), facts(found)), rows(seen));

describe('plan of a rescue beside the cluster', () => {
  test.each([
    ['keep', { insert: '60', update: '0', remove: '0', leave: '30' }],
    ['merge', { insert: '60', update: '30', remove: '0', leave: '0' }],
    ['replace', { insert: '60', update: '30', remove: '5', leave: '0' }],
  ] as const)('--into %s › writes over and removes only what it says', (into, will) => {
    const plan = planned({ into });
    expect(plan.will).toEqual(will);
    expect(plan.steps.map((step) => step.id)).toEqual(['rows-back', 'same-everywhere', 'remove-aside']);
    expect(plan.warnings.some((text) => text.includes('30 rows are otherwise'))).toBe(into === 'keep');
  });

  test('a table that is gone › is made anew, all rows come back, what went with it is told', () => {
    const plan = planned({}, { there: undefined, aside: table({ views: ['"public"."open_orders"'] }) });
    expect(plan.shape.create).toBe('as-it-was');
    expect(plan.will).toEqual({ insert: '100', update: '0', remove: '0', leave: '0' });
    expect(plan.steps[0]?.commands[0]).toContain('--section=pre-data');
    expect(plan.warnings.join('\n')).toContain('lines_order_fkey');
    expect(plan.warnings.join('\n')).toContain('open_orders');
  });

  test('a table that is gone › without a key comes back as well', () => {
    expect(planned({}, { there: undefined, aside: table({ key: [] }) }).shape.key).toEqual([]);
  });

  test('a table that is gone and was empty › comes back all the same', () => {
    const plan = planned({}, { there: undefined }, { chosen: '0', missing: '0', differing: '0', extra: '0' });
    expect(plan.will.insert).toBe('0');
  });

  test('a new table › takes every column as it is, generated ones too', () => {
    const generated = { name: 'double', type: 'bigint', notNull: false, generated: true };
    const aside = table({ columns: [...table().columns, generated], key: [] });
    const newTable = tableNamed('public.orders_rescued');
    const plan = planned({ into: 'new-table', newTable }, { aside, there: aside });
    expect(plan.shape).toMatchObject({ create: 'copy', into: '"public"."orders_rescued"' });
    expect(plan.shape.columns.map(({ name }) => name)).toContain('double');
  });

  test('triggers › do not fire, and are named', () => {
    const plan = planned({}, { there: table({ triggers: [{ name: 'audit', always: true }] }) });
    expect(plan.triggers).toEqual([{ name: 'audit', always: true }]);
    expect(plan.warnings.join()).toContain('audit');
  });

  test('a predicate that is NULL › is told: its rows are not chosen', () => {
    expect(planned({ where: "note <> 'x'" }, {}, { undecided: '7' }).warnings[0]).toContain('of 7 rows');
  });

  test.each<[string, Partial<RescueRequest>, Partial<RescueFacts>, Partial<ComparedRows>, string, string]>([
    ['no such table at the target', {}, { aside: undefined }, {}, 'PGDRILL_RESCUE_NOTHING', 'there is one now'],
    ['no row chosen', { where: 'false' }, {}, { chosen: '0' }, 'PGDRILL_RESCUE_NOTHING', '(false)'],
    [
      'nothing missing, nothing differing',
      {},
      {},
      { missing: '0', differing: '0' },
      'PGDRILL_RESCUE_NOTHING',
      'none differs',
    ],
    ['differing rows that stay', {}, {}, { missing: '0' }, 'PGDRILL_RESCUE_NOTHING', 'the 30 that differ stay'],
    ['a view', {}, { aside: table({ kind: 'v' }) }, {}, 'PGDRILL_RESCUE_SHAPE', 'no table'],
    ['an unlogged table', {}, { aside: table({ persistence: 'u' }) }, {}, 'PGDRILL_RESCUE_SHAPE', 'unlogged'],
    ['a partition', {}, { aside: table({ inherits: true }) }, {}, 'PGDRILL_RESCUE_SHAPE', 'partition'],
    [
      'no key',
      {},
      { aside: table({ key: [] }), there: table({ key: [] }) },
      {},
      'PGDRILL_RESCUE_SHAPE',
      'no primary key',
    ],
    [
      'another key',
      {},
      { there: table({ key: ['id', 'customer'] }) },
      {},
      'PGDRILL_RESCUE_SHAPE',
      'was (id) and is (id, customer)',
    ],
    [
      'a column less',
      {},
      { there: table({ columns: table().columns.slice(0, 2) }) },
      {},
      'PGDRILL_RESCUE_SHAPE',
      'column note is not there',
    ],
    [
      'parents that are gone',
      {},
      {},
      { orphans: [{ key, rows: '4', examples: ['(17)'] }] },
      'PGDRILL_RESCUE_PARENTS',
      '4 rows refer by orders_customer_fkey',
    ],
    [
      'children of rows that would go',
      { into: 'replace' },
      {},
      { children: [{ key: child, rows: '3' }] },
      'PGDRILL_RESCUE_CHILDREN',
      '3 rows of "public"."lines"',
    ],
    [
      'a name that is taken',
      { into: 'new-table', newTable: tableNamed('a.b') },
      { newTableThere: true },
      {},
      'PGDRILL_RESCUE_NAME',
      'a.b already',
    ],
  ])('refusals › %s', (_what, ask, found, seen, code, words) => {
    const refusal = refusalOf(() => planned(ask, found, seen));
    expect(refusal.code).toBe(code);
    expect(refusal.what).toContain(words);
  });

  test('what changed since it was shown › more overwritten or removed is refused, less is not', () => {
    const plan = planned({ into: 'replace' });
    expect(refusalOf(() => refuseMoved(plan, { ...plan.will, update: '31' })).code).toBe('PGDRILL_RESCUE_MOVED');
    expect(refusalOf(() => refuseMoved(plan, { ...plan.will, remove: '6' })).code).toBe('PGDRILL_RESCUE_MOVED');
    expect(() => refuseMoved(plan, { ...plan.will, update: '2', insert: '90' })).not.toThrow();
  });

  test('the server aside › backup, segments and refusals are those of a recovery', () => {
    const plan = planAside(sampleRequest(), sampleFacts());
    expect(plan.backup.id).toBe('20261121T063833');
    expect(plan.segments.length).toBeGreaterThan(0);
    expect(plan.steps.map((step) => step.id)).toEqual(['archive-tail', 'aside']);
    expect(() => planAside(sampleRequest(), sampleFacts({ paused: true }))).not.toThrow();
    expect(refusalOf(() => planAside(sampleRequest(), sampleFacts({ standbyCluster: true }))).code).toBe(
      'PGDRILL_STANDBY_CLUSTER',
    );
  });
});

describe('names of tables', () => {
  test.each([
    ['public.orders', '"public"."orders"'],
    ['Sales.Orders', '"Sales"."Orders"'],
    ['"My Schema"."a.b"', '"My Schema"."a.b"'],
    ['s."say ""hi"""', '"s"."say ""hi"""'],
  ])('%s › as it stands', (text, sql) => {
    expect(quotedTableName(tableNamed(text))).toBe(sql);
  });

  test.each(['orders', 'a.b.c', '.b', 'a b.c'])('%s › is none', (text) => {
    expect(refusalOf(() => tableNamed(text)).code).toBe('PGDRILL_RESCUE_NAME');
  });
});

describe('SQL of a rescue', () => {
  test('a comment at the end of a predicate › does not swallow what stands behind it', () => {
    const sql = new RescueSql(rescueShape(request(), facts()), 'keep', 'true -- all');
    expect(sql.copyOut('t')).toContain('(true -- all\n)) TO STDOUT');
  });
});
