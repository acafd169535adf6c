import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isGone, takeLock } from './lock.cjs';
import { nameOf, startOf } from './process-table.cjs';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pgdrill-lock-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const { signal } = new AbortController();

describe('holder of a lock', () => {
  const holder = { pid: 7, started: '100', host: 'here', doing: 'x' };
  const facts = { host: 'here', ageMs: 0, startOf: (pid: number) => ({ 7: '100', 8: '200' })[pid] ?? null };

  it('is there while its process runs', () => expect(isGone(holder, facts)).toBe(false));

  it('is gone when its process ended, or its pid was given to another one', () => {
    expect(isGone({ ...holder, pid: 9 }, facts)).toBe(true);
    expect(isGone({ ...holder, started: '99' }, facts)).toBe(true);
  });

  it('is there while the command that it started runs', () => {
    expect(isGone({ ...holder, pid: 9, child: { pid: 8, started: '200' } }, facts)).toBe(false);
    expect(isGone({ ...holder, pid: 9, child: { pid: 8, started: '199' } }, facts)).toBe(true);
  });

  it('is judged by age on another host, and when it cannot be read', () => {
    expect(isGone({ ...holder, pid: 9, host: 'there' }, facts)).toBe(false);
    expect(isGone({ ...holder, pid: 9, host: 'there' }, { ...facts, ageMs: 31 * 60_000 })).toBe(true);
    expect(isGone(null, facts)).toBe(false);
    expect(isGone(null, { ...facts, ageMs: 11_000 })).toBe(true);
  });
});

describe('lock', () => {
  it('takes over from a dead process', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const file = path.join(folder, 'lock');
    fs.writeFileSync(file, JSON.stringify({ pid, started: '1', host: os.hostname(), doing: 'nothing' }));
    const said: string[] = [];
    const lock = await takeLock(file, { doing: 'x', signal, say: (line) => said.push(line) });
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid, doing: 'x' });
    expect(said).toEqual([]);
    lock.release();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('is had by one of several processes at a time, also over a dead one’s lock', async () => {
    const file = path.join(folder, 'lock');
    fs.writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, started: '1', host: os.hostname(), doing: 'nothing' }));
    const script = `
      const fs = require('node:fs');
      const { takeLock } = require(${JSON.stringify(path.join(__dirname, 'lock.cjs'))});
      const { signal } = new AbortController();
      (async () => {
        for (let i = 0; i < 5; i++) {
          const lock = await takeLock(${JSON.stringify(file)}, { doing: 'x', signal, say: () => {} });
          fs.mkdirSync(${JSON.stringify(path.join(folder, 'inside'))});
          await new Promise((resolve) => setTimeout(resolve, 5));
          fs.rmdirSync(${JSON.stringify(path.join(folder, 'inside'))});
          lock.release();
        }
      })();`;
    const codes = await Promise.all(
      [1, 2, 3, 4].map(() => {
        const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
        return new Promise((resolve) => child.once('exit', resolve));
      }),
    );
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe('process table', () => {
  it('knows a running process by name and start, and an ended one not', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    expect(startOf(process.pid)).toMatch(/^\d+$/);
    expect(startOf(pid)).toBeNull();
    expect(nameOf(pid)).toBeNull();
    const other = spawn('sleep', ['60']);
    try {
      expect(nameOf(other.pid ?? -1)).toBe('sleep');
    } finally {
      other.kill('SIGKILL');
    }
  });
});
