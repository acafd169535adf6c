import { spawnSync } from 'node:child_process';
import os from 'node:os';
import { labels } from '../run/ids';
import { labelsOf, ownerIsGone, ownerLabel } from './ownership';

describe('ownership', () => {
  const [host, pid, started] = ownerLabel().split('/');

  test('this process owns what it makes, and lives', () => {
    expect([host, pid]).toEqual([os.hostname(), String(process.pid)]);
    expect(ownerIsGone(ownerLabel())).toBe(false);
    expect(labelsOf('run-1', { [labels.role]: 'db', [labels.run]: 'forged' })).toEqual({
      [labels.run]: 'run-1',
      [labels.owner]: ownerLabel(),
      [labels.role]: 'db',
    });
  });

  test('a process that ended is gone; a recycled pid is not taken for it', () => {
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    expect(ownerIsGone(`${host}/${ended}/${started}`)).toBe(true);
    expect(ownerIsGone(`${host}/${pid}/${Number(started) - 1}`)).toBe(true);
  });

  test.each(['', 'nonsense', 'another-host/1/1', `${os.hostname()}/x/1`])(
    'what cannot be known is not gone: "%s"',
    (owner) => {
      expect(ownerIsGone(owner)).toBe(false);
    },
  );
});
