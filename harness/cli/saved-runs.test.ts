import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sampleSession } from '../../reports/sample-session';
import { savedRun, savedSession } from './saved-runs';

describe('saved runs', () => {
  let reports: string;

  beforeEach(() => {
    reports = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-saved-runs-'));
    for (const run of ['s1/r1', 's2/r2', 's2/r3']) {
      mkdirSync(path.join(reports, run), { recursive: true });
      writeFileSync(path.join(reports, run, 'events.jsonl'), '');
    }
    writeFileSync(path.join(reports, 's2', 'session.json'), JSON.stringify(sampleSession()));
    symlinkSync('s2', path.join(reports, 'latest'));
  });
  afterEach(() => rmSync(reports, { recursive: true }));

  it('finds a run by id, begin, latest, and path', () => {
    const dir = (run: string) => ({ run: path.basename(run), dir: path.join(reports, run) });
    expect(savedRun('r1', reports)).toEqual(dir('s1/r1'));
    expect(savedRun('latest', reports)).toMatchObject({ run: 'r3' });
    expect(savedRun(path.join(reports, 's1/r1'), reports)).toEqual(dir('s1/r1'));
    expect(() => savedRun('r', reports)).toThrow(/begin of several: r1, r2, r3/);
    expect(() => savedRun('zz', reports)).toThrow(/PGDRILL_UNKNOWN_RUN/);
  });

  it('finds a session by id, begin, latest, path, and a run of it', () => {
    for (const name of ['s2', 'latest', path.join(reports, 's2')]) {
      expect(savedSession(name, reports).record.session).toBe(sampleSession().session);
    }
    expect(savedSession('r3', reports).run).toBe('r3');
  });

  it('says so where a session was killed before it wrote its record, or nothing was saved', () => {
    expect(() => savedSession('s1', reports)).toThrow(/PGDRILL_SESSION_UNREADABLE/);
    expect(() => savedRun('latest', path.join(reports, 'nowhere'))).toThrow(/PGDRILL_UNKNOWN_RUN/);
  });
});
