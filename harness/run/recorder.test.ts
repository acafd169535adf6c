import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseEvents } from '../record/fold';
import { nowText, Recorder } from './recorder';
import { Secrets } from './secrets';

let folder: string;
let secrets: Secrets;
let recorder: Recorder;

beforeEach(() => {
  folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'pgdrill-recorder-')), 'session', 'run');
  secrets = new Secrets();
  recorder = new Recorder(folder, secrets);
});

afterEach(() => fs.rmSync(path.resolve(folder, '../..'), { recursive: true, force: true }));

const lines = () => fs.readFileSync(path.join(folder, 'events.jsonl'), 'utf8');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('recorder', () => {
  test('each event › one line, numbered from 1, as events are read again', () => {
    const first = recorder.record({ kind: 'note', text: 'two\nlines' });
    const second = recorder.record({ kind: 'warning', text: 'careful' });
    expect(lines().split('\n')).toHaveLength(3);
    expect(parseEvents(lines())).toEqual({ events: [first, second], unreadable: [] });
    expect([first.seq, second.seq]).toEqual([1, 2]);
  });

  test('secrets › in the file and with the listeners only by name', () => {
    const password = secrets.make('barman password');
    const heard: unknown[] = [];
    recorder.listen((event) => heard.push(event));
    recorder.record({
      kind: 'error',
      phase: 'boot',
      code: 'PGDRILL_X',
      what: `PASSWORD '${password}'`,
      interrupted: false,
    });
    expect(lines()).toContain(`PASSWORD '<barman password>'`);
    expect(lines() + JSON.stringify(heard)).not.toContain(password);
  });

  test('listeners › told in order once the line is written, until they leave', () => {
    const heard: string[] = [];
    const leave = recorder.listen((event) => heard.push(`${event.seq} of ${lines().split('\n').length - 1}`));
    recorder.record({ kind: 'note', text: 'a' });
    recorder.record({ kind: 'note', text: 'b' });
    leave();
    recorder.record({ kind: 'note', text: 'c' });
    expect(heard).toEqual(['1 of 1', '2 of 2']);
  });

  test('a file beside the events › redacted; its reference is of what lies there', () => {
    const password = secrets.make('password');
    const reference = recorder.write('logs/db1.log', `ชื่อ ${password}\n`);
    const text = 'ชื่อ <password>\n';
    expect(fs.readFileSync(path.join(folder, 'logs/db1.log'), 'utf8')).toBe(text);
    expect(reference).toEqual({ file: 'logs/db1.log', bytes: Buffer.byteLength(text), sha256: sha256(text) });
  });

  test('a file written by streaming › its reference is the same', async () => {
    const text = 'x'.repeat(200_000);
    fs.writeFileSync(path.join(folder, 'ledger.jsonl'), text);
    expect(await recorder.reference('ledger.jsonl')).toEqual({
      file: 'ledger.jsonl',
      bytes: 200_000,
      sha256: sha256(text),
    });
    fs.appendFileSync(path.join(folder, 'ledger.jsonl'), 'y');
    expect((await recorder.reference('ledger.jsonl')).sha256).toBe(sha256(`${text}y`));
    await expect(recorder.reference('absent.jsonl')).rejects.toThrow('ENOENT');
  });
});

describe('now', () => {
  test('is text with zone and microseconds, and is now', () => {
    const before = Date.now();
    const text = nowText();
    expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    // The monotonic clock may stand apart from the wall clock by a little.
    expect(Math.abs(Date.parse(text) - before)).toBeLessThan(1000);
  });

  test('does not go backwards', () => {
    const times = Array.from({ length: 1000 }, nowText);
    expect([...times].sort()).toEqual(times);
  });
});
