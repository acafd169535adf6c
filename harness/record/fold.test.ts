import type { EventBody } from './events';
import { evidenceSchema } from './evidence';
import { foldEvents, parseEvents } from './fold';

const started: EventBody = {
  kind: 'run-started',
  format: 1,
  pgdrill: '0.1.0',
  node: '20.20.0',
  run: 'run-1',
  session: 'session-1',
  drill: 'delete-without-where',
  title: 'DELETE without WHERE',
  stack: 'bookworm',
  dataset: 'thai:tiny',
  seed: 7,
  arguments: [],
  objectives: { lostWrites: 0 },
  phases: ['boot', 'recover'],
};
const place = { episode: 0, cluster: 'main' };
const at = '2026-11-21 05:51:02.123456+00';
const text = (...bodies: object[]): string =>
  bodies.map((body, seq) => `${JSON.stringify({ seq, at, ...body })}\n`).join('');
const fold = (...bodies: object[]) => foldEvents(parseEvents(text(started, ...bodies)));

const incident: EventBody = {
  kind: 'incident',
  episode: 0,
  incident: {
    accident: 'delete-all-rows',
    title: 'DELETE FROM book.tickets',
    member: 'db1',
    before: { time: at, lsn: '0/7A1B3C0', xid: '15866', timeline: 1 },
    struckAt: at,
    proof: { took: true, expected: 'no row', found: '0 rows' },
  },
};

describe('parseEvents', () => {
  test('complete lines › are read in order, with sequence and time', () => {
    const { events, unreadable } = parseEvents(text(started, { kind: 'note', text: 'hello' }));
    expect(events.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['run-started', 0],
      ['note', 1],
    ]);
    expect(events[1]).toEqual({ kind: 'note', text: 'hello', seq: 1, at });
    expect(unreadable).toEqual([]);
  });

  test('a half-written last line › is accepted and reported', () => {
    const { events, unreadable } = parseEvents(`${text(started)}{"seq":1,"at":"2026`);
    expect(events).toHaveLength(1);
    expect(unreadable).toEqual(['line 2: half-written']);
  });

  test('a last line without its line break › is read when it is whole', () => {
    expect(parseEvents(text(started, { kind: 'note', text: 'x' }).trimEnd())).toMatchObject({
      events: [{}, { kind: 'note' }],
      unreadable: [],
    });
  });

  test('a broken line in the middle › is reported, the rest is read', () => {
    const { events, unreadable } = parseEvents(`${text(started)}{"seq":\n${text({ kind: 'note', text: 'x' })}`);
    expect(events).toHaveLength(2);
    expect(unreadable).toEqual(['line 2: not JSON']);
  });

  test.each<[string, object, string]>([
    ['an unknown kind', { kind: 'teleported', to: 'db2' }, 'line 2: unknown event "teleported"'],
    ['a known kind without its fields', { kind: 'note' }, 'line 2: unknown event "note"'],
    ['an event without a sequence number', { kind: 'note', text: 'x', seq: undefined }, 'line 2: unknown event'],
    ['no kind at all', {}, 'line 2: unknown event'],
  ])('%s › is reported and left out', (_name, body, reported) => {
    const { events, unreadable } = parseEvents(text(started, body));
    expect(events).toHaveLength(1);
    expect(unreadable).toEqual([reported]);
  });
});

describe('foldEvents', () => {
  test('the first line › says what run this is', () => {
    expect(fold()).toEqual({
      format: 1,
      run: {
        id: 'run-1',
        drill: 'delete-without-where',
        title: 'DELETE without WHERE',
        seed: 7,
        stack: 'bookworm',
        pgdrill: '0.1.0',
        objectives: { lostWrites: 0 },
      },
      episodes: [],
      unreadable: [],
    });
  });

  test('no first line › PGDRILL_EVIDENCE_UNREADABLE', () => {
    expect(() => foldEvents(parseEvents(text({ kind: 'note', text: 'x' })))).toThrow(
      expect.objectContaining({ code: 'PGDRILL_EVIDENCE_UNREADABLE' }),
    );
    expect(() => foldEvents(parseEvents(''))).toThrow(expect.objectContaining({ code: 'PGDRILL_EVIDENCE_UNREADABLE' }));
  });

  test('pieces about a cluster › are merged key by key, a later one replaces an earlier one', () => {
    const { episodes } = fold(
      { kind: 'observed', ...place, value: { scope: 'patroni1', databases: ['thai'] } },
      { kind: 'observed', ...place, value: { databases: ['ledger', 'thai'], bootTimeline: 2 } },
    );
    expect(episodes[0]?.clusters['main']).toEqual({
      scope: 'patroni1',
      systemIdentifier: '0',
      bootTimeline: 2,
      databases: ['ledger', 'thai'],
      members: {},
    });
  });

  test('pieces about a member › are merged too, and what was said of the cluster stays', () => {
    const { episodes } = fold(
      { kind: 'member-observed', ...place, member: 'db2', value: { inRecovery: true, timeline: 1 } },
      { kind: 'observed', ...place, value: { scope: 'patroni1' } },
      { kind: 'member-observed', ...place, member: 'db2', value: { timeline: 2 } },
      { kind: 'member-observed', ...place, member: 'db1', value: { unreachable: 'no route' } },
    );
    expect(episodes[0]?.clusters['main']?.members).toEqual({
      db1: { unreachable: 'no route' },
      db2: { inRecovery: true, timeline: 2 },
    });
    expect(episodes[0]?.clusters['main']?.scope).toBe('patroni1');
  });

  test('an episode › takes its expectation, incident, recovery and times', () => {
    const expectation = { kind: 'verdict', outcome: 'failed', by: ['content'] };
    const recovery = { strategy: 'isolated-node-pitr', outcome: 'done', durationMs: 12 };
    const { episodes } = fold(
      { kind: 'episode-started', episode: 0, expectation },
      incident,
      { kind: 'recovered', episode: 0, recovery },
      { kind: 'measured', episode: 0, rtoWritesMs: 10 },
      { kind: 'measured', episode: 0, rtoFullMs: 20 },
    );
    expect(episodes).toEqual([
      { expectation, clusters: {}, incident: incident.incident, recovery, rtoWritesMs: 10, rtoFullMs: 20 },
    ]);
  });

  test('a later episode › leaves room for the ones before it, which are expected to be recovered', () => {
    const { episodes } = fold({ ...incident, episode: 1 });
    expect(episodes).toHaveLength(2);
    expect(episodes[0]).toEqual({ expectation: { kind: 'recovered' }, clusters: {} });
  });

  test('the first error › is where the run stopped; what follows is clean-up', () => {
    const error = {
      kind: 'error',
      phase: 'recover',
      code: 'PGDRILL_WAL_GAP',
      what: 'a gap',
      cure: 'mind it',
      interrupted: false,
    };
    const { stopped } = fold(error, { ...error, phase: 'teardown', code: 'PGDRILL_Y' });
    expect(stopped).toEqual({
      phase: 'recover',
      code: 'PGDRILL_WAL_GAP',
      what: 'a gap',
      cure: 'mind it',
      interrupted: false,
    });
  });

  test('what could not be read › is kept in the evidence', () => {
    expect(foldEvents(parseEvents(`${text(started)}{"half`)).unreadable).toEqual(['line 2: half-written']);
  });

  test('the fold › is pure, fits its own schema, and does not share pieces with the events', () => {
    const read = parseEvents(
      text(
        started,
        incident,
        { kind: 'observed', ...place, value: { scope: 'x' } },
        { kind: 'member-observed', ...place, member: 'db1', value: { timeline: 1 } },
      ),
    );
    const first = foldEvents(read);
    expect(evidenceSchema.parse(first)).toEqual(first);
    first.unreadable.push('changed');
    expect(foldEvents(read)).not.toEqual(first);
    expect(foldEvents(read)).toEqual(foldEvents(read));
  });

  test('events that carry no evidence › change nothing', () => {
    expect(fold({ kind: 'note', text: 'x' }, { kind: 'run-ended', durationMs: 1, leftovers: [] })).toEqual(fold());
  });
});
