import { thai } from '../../fixtures';
import type { Accident } from '../accidents/accident';
import type { Check } from '../checks/check';
import { PgdrillError } from '../record/errors';
import { expectationSchema } from '../record/verdict';
import type { Recovery } from '../recovery/recovery';
import { defineDrill, recovered, refused, verdict, type DrillSpec } from './spec';

const accident: Accident = {
  name: 'delete-all-rows',
  title: 'DELETE',
  strike: () => Promise.reject(new Error('defining a drill must not strike')),
};
const recovery: Recovery = {
  name: 'pitr',
  title: 'PITR',
  recover: () => Promise.reject(new Error('defining a drill must not recover')),
};
const short: DrillSpec = { id: 'delete-without-where', title: 'DELETE without WHERE', accident, recovery };
const define = (change: object = {}) => defineDrill({ ...short, ...change });

function refusalOf(change: object): PgdrillError {
  try {
    define(change);
  } catch (error) {
    if (error instanceof PgdrillError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('defineDrill', () => {
  test('the short form › one episode, every default filled in', () => {
    expect(define()).toEqual({
      format: 1,
      id: 'delete-without-where',
      title: 'DELETE without WHERE',
      labels: [],
      nodes: 3,
      writers: 4,
      writesPerSecond: 100,
      deep: false,
      objectives: { lostWrites: 0 },
      checks: [],
      episodes: [{ accident, recovery, expect: { kind: 'recovered' } }],
    });
  });

  test('what is given › is kept', () => {
    const dataset = thai('tiny');
    const checks: Check[] = [{ id: 'mine', version: 1, title: 't', oracle: 4, applies: () => true, examine: () => [] }];
    const given = {
      dataset,
      checks,
      labels: ['smoke'],
      nodes: 5,
      writers: 64,
      objectives: { rtoWritesMs: 30_000, lostWrites: 2 },
      expect: refused('PGDRILL_PAUSED'),
    };
    const { episodes, ...rest } = define(given);
    expect(rest).toMatchObject({
      checks,
      labels: ['smoke'],
      nodes: 5,
      writers: 64,
      objectives: { rtoWritesMs: 30_000, lostWrites: 2 },
    });
    expect(rest.dataset).toBe(dataset);
    expect(episodes[0].expect).toEqual({ kind: 'refused', code: 'PGDRILL_PAUSED' });
    const spoil = () => Promise.resolve('spoiled');
    expect(define({ spoil }).episodes[0].spoil).toBe(spoil);
  });

  test('is pure › the description is not changed, twice gives the same', () => {
    const frozen = Object.freeze({ ...short, objectives: Object.freeze({ rtoFullMs: 1 }) });
    expect(defineDrill(frozen)).toEqual(defineDrill(frozen));
  });

  test('an objective left undefined › does not undo the default', () => {
    expect(define({ objectives: { lostWrites: undefined } }).objectives.lostWrites).toBe(0);
  });
});

describe('defineDrill › functions as building blocks', () => {
  test('named › their names are shown', () => {
    async function dropTheTable() {
      return Promise.reject<never>(new Error('not struck'));
    }
    async function restoreByHand() {
      return Promise.reject<never>(new Error('not recovered'));
    }
    const [episode] = define({ accident: dropTheTable, recovery: restoreByHand }).episodes;
    expect(episode.accident).toEqual({ name: 'dropTheTable', title: 'dropTheTable', strike: dropTheTable });
    expect(episode.recovery).toEqual({ name: 'restoreByHand', title: 'restoreByHand', recover: restoreByHand });
  });

  test('nameless › still shown as something', () => {
    const nameless = (
      () => () =>
        Promise.reject<never>(new Error('not called'))
    )();
    const [episode] = define({ accident: nameless, recovery: nameless }).episodes;
    expect(episode.accident.name).toBe('accident');
    expect(episode.recovery.title).toBe('recovery given as a function');
  });
});

describe('defineDrill › what it refuses', () => {
  test.each<[string, object, string]>([
    ['no id', { id: undefined }, 'id'],
    ['an empty id', { id: '' }, 'id'],
    ['an id in capitals', { id: 'Delete' }, 'id'],
    ['an id with a space', { id: 'delete all' }, 'id'],
    ['an id that is a path', { id: '../delete' }, 'id'],
    ['an id with a hyphen at its end', { id: 'delete-' }, 'id'],
    ['an id with two hyphens', { id: 'delete--all' }, 'id'],
    ['an id that is a number', { id: 7 }, 'id'],
    ['no title', { title: undefined }, 'title'],
    ['a blank title', { title: '  ' }, 'title'],
    ['a title that is a number', { title: 7 }, 'title'],
    ['no node', { nodes: 0 }, 'nodes is 0'],
    ['six nodes', { nodes: 6 }, 'nodes is 6'],
    ['half a node', { nodes: 2.5 }, 'nodes is 2.5'],
    ['nodes in words', { nodes: '3' }, 'nodes is 3'],
    ['a file system too small for WAL', { disks: { walBytes: 1e6 } }, 'disks.walBytes is 1000000'],
    ['no writer', { writers: 0 }, 'writers is 0'],
    ['65 writers', { writers: 65 }, 'writers is 65'],
    ['no accident', { accident: undefined }, 'no accident'],
    ['an accident that cannot strike', { accident: { name: 'x', title: 'x' } }, 'accident'],
    ['no recovery', { recovery: undefined }, 'no recovery'],
    ['a recovery that cannot recover', { recovery: { name: 'x', title: 'x' } }, 'recovery'],
    ['a spoil that is no function', { spoil: 'the row' }, 'spoil'],
    ['a negative objective', { objectives: { rtoFullMs: -1 } }, 'rtoFullMs is -1'],
    ['an objective in words', { objectives: { lostWrites: 'none' } }, 'lostWrites is none'],
    ['an objective that is no number', { objectives: { rtoWritesMs: Number.NaN } }, 'rtoWritesMs is NaN'],
  ])('%s', (_name, change, words) => {
    const error = refusalOf(change);
    expect(error.code).toBe('PGDRILL_DRILL_INVALID');
    expect(error.what).toContain(words);
    expect(error.cure).toContain('writing-a-drill');
  });

  test('the refusal names the drill', () => {
    expect(refusalOf({ nodes: 9 }).what).toContain('"delete-without-where"');
  });

  test('the edges are allowed', () => {
    for (const change of [{ nodes: 1 }, { nodes: 5 }, { writers: 1 }, { id: 'a' }, { id: '2-nodes' }]) {
      expect(define(change)).toMatchObject(change);
    }
  });
});

describe('expectations', () => {
  test('each › in the form that events record', () => {
    const all = [
      recovered(),
      refused('PGDRILL_WAL_GAP'),
      verdict('failed', { by: 'content' }),
      verdict('unverified', { by: ['a', 'b'] }),
      verdict('failed', { by: 'content', unverified: 'leader' }),
    ];
    expect(all).toEqual([
      { kind: 'recovered' },
      { kind: 'refused', code: 'PGDRILL_WAL_GAP' },
      { kind: 'verdict', outcome: 'failed', by: ['content'] },
      { kind: 'verdict', outcome: 'unverified', by: ['a', 'b'] },
      { kind: 'verdict', outcome: 'failed', by: ['content'], unverified: ['leader'] },
    ]);
    for (const expectation of all) expect(expectationSchema.parse(expectation)).toEqual(expectation);
  });
});
