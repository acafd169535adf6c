import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { detectors } from '.';
import { cellOf, newComplaints, type Look } from './detector';
import { wordsOf } from './program-words';
import { alarmingLines } from './server-log';

describe('the list of detectors', () => {
  test('every file of a detector is in it, under its own name', () => {
    const files = readdirSync(__dirname)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .filter((name) => / = \{\n {2}name: '/.test(readFileSync(path.join(__dirname, name), 'utf8')))
      .map((name) => name.slice(0, -3));
    expect(detectors.map(({ name }) => name).sort()).toEqual(files.sort());
  });

  test('heads of columns are short, and tell them apart', () => {
    expect(new Set(detectors.map(({ head }) => head)).size).toBe(detectors.length);
    for (const { head } of detectors) expect(head).toMatch(/^[a-z]{3}$/);
  });

  test('each says what is asked and what it wants', () => {
    for (const { title, wants } of detectors) expect(`${title} ${wants}`).toMatch(/\S.* \S/);
  });
});

describe('what is noticed', () => {
  const look = (...texts: string[]): Look => ({ complaints: texts.map((text) => ({ text })), code: texts.length });

  test('only what was not said before', () => {
    expect(newComplaints(look('a'), look('a', 'b'))).toEqual([{ text: 'b' }]);
    expect(cellOf('x', look('a'), look('a'), 5)).toEqual({ detector: 'x', outcome: 'missed', code: 1 });
    expect(cellOf('x', look(), look('a'), 5)).toEqual({
      detector: 'x',
      outcome: 'noticed',
      afterMs: 5,
      message: 'a',
      code: 1,
    });
  });

  test('the same thing in other words is known by its key', () => {
    const before = { complaints: [{ text: 'slot a: lag 1', key: 'slot a' }] };
    expect(newComplaints(before, { complaints: [{ text: 'slot a: lag 2', key: 'slot a' }] })).toEqual([]);
  });

  test('who could not be asked has missed nothing', () => {
    const cell = cellOf('x', look(), { complaints: [], notAsked: 'no disk' }, 5);
    expect(cell).toEqual({ detector: 'x', outcome: 'not-asked', reason: 'no disk' });
  });
});

describe('words of a program', () => {
  const done = (exitCode: number, stdout: string, stderr = '') => ({ exitCode, stdout, stderr });

  test('nothing where it ends well, whatever it prints', () => {
    expect(wordsOf(done(0, 'WARNING: x'))).toEqual({ complaints: [], code: 0 });
  });

  test('an indented line belongs to the one before it', () => {
    const text = 'heap table "thai.book.tickets", block 3:\n    line pointer redirection to item at offset 9\n';
    expect(wordsOf(done(2, text)).complaints).toEqual([
      { text: 'heap table "thai.book.tickets", block 3: line pointer redirection to item at offset 9' },
    ]);
  });

  test('only lines that count, where there are some', () => {
    const text = 'waiting for checkpoint\nWARNING:  checksum verification failed\nNOTICE:  x\n';
    expect(wordsOf(done(1, '', text), /WARNING|error/).complaints).toEqual([
      { text: 'WARNING:  checksum verification failed' },
    ]);
  });

  test('a code without words is a complaint, too', () => {
    expect(wordsOf(done(3, ''))).toEqual({ complaints: [{ text: 'ended with 3' }], code: 3 });
  });
});

describe('alarming lines of a server log', () => {
  const line = (rest: string) => `2026-11-21 17:00:00.123 UTC [42] ${rest}`;

  test('damage and failures, not what every stop and start says', () => {
    const log = [
      line('LOG:  checkpoint complete: wrote 3 buffers'),
      line('FATAL:  terminating connection due to administrator command'),
      line('LOG:  received fast shutdown request'),
      line('LOG:  archive command failed with exit code 255'),
      line('postgres@thai psql ERROR:  invalid page in block 3 of relation base/5/16398'),
      line('postgres@thai psql STATEMENT:  SELECT 1'),
      line('LOG:  invalid record length at 0/67000148: wanted 24, got 0'),
      line('ERROR:  could not read block 3 in file "base/5/16398": read only 0 of 8192 bytes'),
      line('PANIC:  could not open file "global/pg_control": No such file or directory'),
    ].join('\n');
    expect(alarmingLines(log).map(({ severity }) => severity)).toEqual(['LOG', 'ERROR', 'PANIC']);
  });
});
