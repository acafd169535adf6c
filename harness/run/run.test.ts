import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PgdrillError } from '../record/errors';
import { Run } from './run';
import { until } from './until';

let sessionDir: string;

beforeEach(() => {
  sessionDir = fs.mkdtempSync(path.join(os.tmpdir(), 'pgdrill-run-'));
});

afterEach(() => fs.rmSync(sessionDir, { recursive: true, force: true }));

describe('run', () => {
  test('has a folder of its own in the session’s', () => {
    const run = new Run({ id: 'delete-1', sessionDir, seed: 5 });
    expect(run.dir).toBe(path.join(sessionDir, 'delete-1'));
    expect(fs.statSync(run.dir).isDirectory()).toBe(true);
    expect([run.seed, run.deadlineScale]).toEqual([5, 1]);
    expect(run.random.next()).toBe(new Run({ id: 'delete-2', sessionDir, seed: 5 }).random.next());
  });

  test('interrupted › every wait ends with why; the first reason stays', async () => {
    const run = new Run({ id: 'delete-1', sessionDir, seed: 5, deadlineScale: 2 });
    const waiting = until('recovery finished', run, () => false, { everyMs: 60_000 });
    run.interrupt('SIGINT');
    run.abort(new PgdrillError('PGDRILL_ENGINE_GONE', 'the engine died', 'start it'));
    await expect(waiting).rejects.toMatchObject({
      code: 'PGDRILL_INTERRUPTED',
      what: expect.stringContaining('SIGINT') as string,
    });
    expect(run.signal.aborted).toBe(true);
  });

  test('its ground gone › the waits end with that', async () => {
    const run = new Run({ id: 'delete-1', sessionDir, seed: 5 });
    const gone = new PgdrillError('PGDRILL_ENGINE_GONE', 'the engine died', 'start it');
    run.abort(gone);
    await expect(until('recovery finished', run, () => false)).rejects.toBe(gone);
  });

  test('a note › goes into the events, without the run’s secrets', () => {
    const run = new Run({ id: 'delete-1', sessionDir, seed: 5 });
    const password = run.secrets.make('superuser password');
    run.note(`connected with ${password}`);
    expect(fs.readFileSync(path.join(run.dir, 'events.jsonl'), 'utf8')).toContain(
      'connected with <superuser password>',
    );
  });
});
