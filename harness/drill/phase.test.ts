import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PgdrillError } from '../record/errors';
import { parseEvents } from '../record/fold';
import { Run } from '../run/run';
import { phase, PhaseFailed } from './phase';

let sessionDir: string;
let run: Run;

beforeEach(() => {
  sessionDir = fs.mkdtempSync(path.join(os.tmpdir(), 'pgdrill-phase-'));
  run = new Run({ id: 'run-1', sessionDir, seed: 1 });
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(sessionDir, { recursive: true, force: true });
});

function recorded(): object[] {
  const { events, unreadable } = parseEvents(fs.readFileSync(path.join(run.dir, 'events.jsonl'), 'utf8'));
  expect(unreadable).toEqual([]);
  return events;
}

async function failureOf(work: () => Promise<string>): Promise<PhaseFailed> {
  const thrown: unknown = await phase(run, 'boot', work).catch((error: unknown) => error);
  if (thrown instanceof PhaseFailed) return thrown;
  throw new Error('did not fail as a phase', { cause: thrown });
}

describe('phase', () => {
  test('done › begins before its work, ends with what was made', async () => {
    await phase(run, 'boot', async () => {
      run.note('3 members');
      return 'streaming';
    });
    expect(recorded()).toEqual([
      expect.objectContaining({ kind: 'phase-started', phase: 'boot', title: 'cluster booted' }),
      expect.objectContaining({ kind: 'note' }),
      expect.objectContaining({ kind: 'phase-ended', phase: 'boot', outcome: 'done', summary: 'streaming' }),
    ]);
  });

  test('refused › ended, then the error with code, cure and cause; the caller gets PhaseFailed', async () => {
    const error = new PgdrillError('PGDRILL_DEADLINE', '"leader elected" did not come about', 'look at the logs', {
      cause: new Error('connection refused'),
    });
    const failure = await failureOf(() => Promise.reject(error));
    expect(failure.message).toBe('"leader elected" did not come about');
    expect(failure.cause).toBe(error);
    expect(recorded().slice(1)).toEqual([
      expect.objectContaining({ kind: 'phase-ended', phase: 'boot', outcome: 'failed' }),
      expect.objectContaining({
        kind: 'error',
        phase: 'boot',
        code: 'PGDRILL_DEADLINE',
        what: '"leader elected" did not come about',
        cure: 'look at the logs',
        cause: 'connection refused',
        interrupted: false,
      }),
    ]);
  });

  test('something unexpected › recorded as such, and its stack shown', async () => {
    const shown = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const error = new TypeError('x is not a function');
    await failureOf(() => Promise.reject(error));
    expect(recorded().at(-1)).toMatchObject({ kind: 'error', code: 'PGDRILL_UNEXPECTED', what: 'x is not a function' });
    expect(shown).toHaveBeenCalledWith(error);
  });

  test('interrupted › says so, whatever the work broke with on its way', async () => {
    const shown = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    await failureOf(() => {
      run.interrupt('SIGINT');
      return Promise.reject(new Error('socket hang up'));
    });
    expect(recorded().at(-1)).toMatchObject({ code: 'PGDRILL_INTERRUPTED', interrupted: true });
    expect(shown).not.toHaveBeenCalled();
  });

  test('its ground gone › that is the error, and no interruption', async () => {
    await failureOf(() => {
      run.abort(new PgdrillError('PGDRILL_ENGINE_GONE', 'the engine died', 'start it'));
      return Promise.reject(new Error('socket hang up'));
    });
    expect(recorded().at(-1)).toMatchObject({ code: 'PGDRILL_ENGINE_GONE', interrupted: false });
  });

  test('secrets in an error › do not get into the events', async () => {
    const password = run.secrets.make('superuser password');
    await failureOf(() => Promise.reject(new PgdrillError('PGDRILL_DEADLINE', `PASSWORD '${password}'`, 'cure')));
    expect(JSON.stringify(recorded())).not.toContain(password);
  });
});
