import { PgdrillError } from '../record/errors';
import { runAndMember, stateOf } from './clusters';
import { oneNamed } from './naming';
import { problemText } from './problem';
import { checkRunFlags } from './run-options';
import { tableText } from './table';
import { isUsage, numberOf } from './usage';

const range = { least: 1, most: 5, whole: true };

function errorOf(work: () => unknown): PgdrillError {
  try {
    work();
  } catch (error) {
    if (error instanceof PgdrillError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('numbers of the command line', () => {
  it.each(['1', '5', '+3'])('numberOf › takes %s', (text) =>
    expect(numberOf('--nodes', text, range)).toBe(Number(text)),
  );
  it.each(['0', '6', '2.5', '', 'x', '1e', '0x2', '3 nodes', '-1', 'Infinity'])('numberOf › refuses "%s"', (text) => {
    const error = errorOf(() => numberOf('--nodes', text, range));
    expect(error.code).toBe('PGDRILL_USAGE');
    expect(error.what).toBe(`--nodes is "${text}"; it must be a whole number from 1 to 5`);
    expect(isUsage(error)).toBe(true);
  });
  it('numberOf › takes fractions where they make sense', () => {
    expect(numberOf('--deadline-scale', '.5', { least: 0.1, most: 100, whole: false })).toBe(0.5);
  });
});

describe('options of run', () => {
  it('takes nothing for granted when nothing is given', async () => {
    expect(await checkRunFlags({}, {})).toEqual({
      overrides: {},
      seed: undefined,
      deadlineScale: 1,
      repeat: 1,
      jobs: undefined,
    });
  });

  it('takes --deep along, and says nothing of it otherwise', async () => {
    expect((await checkRunFlags({ deep: true }, {})).overrides).toEqual({ deep: true });
    expect((await checkRunFlags({ keep: true }, {})).overrides).toEqual({ keep: true });
  });

  it('takes the deadline scale from the environment, unless given', async () => {
    const env = { PGDRILL_DEADLINE_SCALE: '3' };
    expect((await checkRunFlags({}, env)).deadlineScale).toBe(3);
    expect((await checkRunFlags({ deadlineScale: '2' }, env)).deadlineScale).toBe(2);
  });

  it.each([
    [{ stack: 'woody' }, 'PGDRILL_UNKNOWN_STACK'],
    [{ dataset: 'thai:huge' }, 'PGDRILL_UNKNOWN_DATASET'],
    [{ dataset: '/nowhere/thai.sql' }, 'PGDRILL_DATASET_UNREADABLE'],
    [{ nodes: '7' }, 'PGDRILL_USAGE'],
    [{ seed: '-1' }, 'PGDRILL_USAGE'],
    [{ seed: '2147483648' }, 'PGDRILL_USAGE'],
    [{ repeat: '0' }, 'PGDRILL_USAGE'],
    [{ quiet: true, verbose: true }, 'PGDRILL_USAGE'],
  ])('refuses %j with %s', async (flags, code) => {
    await expect(checkRunFlags(flags, {})).rejects.toMatchObject({ code });
  });
});

describe('names of runs', () => {
  const ids = ['20261121t055102-3fa9c1', '20261121t060000-aaaaaa', '20261122t000000-bbbbbb'];
  const named = (name: string, known = ids) => oneNamed(name, known, 'a run', 'run one');

  it('takes an id, a begin that is enough, and latest', () => {
    expect([named(ids[0]!), named('20261122'), named('latest')]).toEqual([ids[0], ids[2], ids[2]]);
  });

  it('refuses a begin of several, naming them', () => {
    expect(errorOf(() => named('20261121')).what).toBe(`"20261121" is the begin of several: ${ids[0]}, ${ids[1]}`);
  });

  it('suggests the nearest, and says what to do where there is none', () => {
    expect(errorOf(() => named('20261122t000000-bbbbbc')).what).toContain(`did you mean ${ids[2]}?`);
    expect(errorOf(() => named('latest', []))).toMatchObject({ what: 'there is no run', cure: 'run one' });
  });

  it('tells a member from a run', () => {
    expect(runAndMember('db2', undefined)).toEqual({ member: 'db2' });
    expect(runAndMember('latest', undefined)).toEqual({ run: 'latest' });
    expect(runAndMember('2026', 'db2')).toEqual({ run: '2026', member: 'db2' });
  });
});

describe('state of what is on the engine', () => {
  const of = (owner: string, kept: boolean, ownerGone: boolean) =>
    stateOf(
      {
        run: 'r',
        kept,
        ownerGone,
        resources: [{ kind: 'container', id: 'c', name: 'c', labels: { 'pgdrill.owner': owner } }],
      },
      'here',
    );

  it.each([
    ['here/1/2', true, true, 'kept'],
    ['there/1/2', true, false, 'kept'],
    ['here/1/2', true, false, 'running drill'],
    ['here/1/2', false, true, 'left over'],
    ['here/1/2', false, false, 'running drill'],
    ['there/1/2', false, false, 'of another host'],
  ])('owner %s, kept %s, gone %s › %s', (owner, kept, gone, state) => expect(of(owner, kept, gone)).toBe(state));
});

describe('problems', () => {
  it('say what happened, why, and what to do', () => {
    const error = new PgdrillError('PGDRILL_X', 'it broke', 'mend it', { cause: new Error('ENOENT') });
    expect(problemText(error)).toBe('pgdrill: PGDRILL_X: it broke\n  because: ENOENT\n  what to do: mend it');
  });

  it('show the stack of what nobody expected', () => {
    expect(problemText(new TypeError('x is undefined'))).toMatch(
      /^pgdrill: PGDRILL_UNEXPECTED: x is undefined\n(.|\n)*at /,
    );
  });
});

describe('tables', () => {
  it('have columns as wide as their longest cell, and cut only the last one', () => {
    expect(tableText(['id', 'title'], [['a-long-id', 'a title that is long']], 24)).toBe(
      'id         title\na-long-id  a title that…',
    );
  });
});
