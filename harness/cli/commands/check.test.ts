import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import type { Machine } from '../../../bin/machine/ready.cjs';
import { canonicalJson } from '../../checks/canonical-json';
import { packageVersion } from '../../run/package';
import type { RunEvent } from '../../record/events';
import type { Verdict } from '../../record/verdict';
import type { CommandLine } from '../command-line';
import { honestRuns, savedHonestFolder } from '../honest-runs';
import { judgeSaved } from '../judge-saved';
import { defineCheck } from './check';

const sample = path.join(savedHonestFolder(), 'delete-without-where-deep');

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-check-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A copy of a real run, with the verdict that this very version gives. */
function savedRun(name: string, session = 's1'): string {
  const dir = path.join(folder, session, name);
  cpSync(sample, dir, { recursive: true });
  writeFileSync(path.join(dir, 'verdict.json'), canonicalJson(judgeSaved({ run: name, dir }).verdict));
  return dir;
}
const verdictOf = (dir: string) => JSON.parse(readFileSync(path.join(dir, 'verdict.json'), 'utf8')) as Verdict;
const rewrite = (file: string, change: (text: string) => string): void =>
  writeFileSync(file, change(readFileSync(file, 'utf8')));
const rewriteEvents = (dir: string, change: (event: RunEvent) => object): void =>
  rewrite(path.join(dir, 'events.jsonl'), (text) =>
    text.replaceAll(/^.+$/gm, (line) => JSON.stringify(change(JSON.parse(line) as RunEvent))),
  );

/** Runs the command with a screen that keeps what it is told. */
async function check(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const out = (text: string): void => void (said.out += text.endsWith('\n') ? text : `${text}\n`);
  const err = (text: string): void => void (said.err += `${text}\n`);
  const shown = { live: false, colour: false, width: undefined, rows: 24, onClosed: () => undefined };
  const line: CommandLine = {
    screen: { ...shown, print: out, draw: out, data: out, complain: err },
    argv: args,
    rest: [],
  };
  const program = new Command('pgdrill').exitOverride();
  defineCheck(program, line);
  await program.parseAsync(['check', '--report-dir', folder, ...args], { from: 'user' });
  const code = (await line.work?.({} as Machine)) ?? -1;
  return { code, ...said };
}

describe('one run', () => {
  test('same version › the same bytes, whatever they are called by', async () => {
    const dir = savedRun('r1');
    for (const name of [dir, 'r1']) expect((await check(name)).err).toContain('the same verdict as saved, to the byte');
    expect((await check('r1', '--json')).out).toBe(readFileSync(path.join(dir, 'verdict.json'), 'utf8'));
  });

  test('the same version says otherwise › names check and version, exit code not 0, nothing overwritten', async () => {
    const dir = savedRun('r1');
    const before = verdictOf(dir);
    before.outcome = 'passed';
    before.checks[0] = { ...before.checks[0]!, status: 'failed' };
    writeFileSync(path.join(dir, 'verdict.json'), canonicalJson(before));
    const { code, err } = await check('r1');
    expect(code).not.toBe(0);
    expect(err).toContain(`by the same version ${packageVersion()}`);
    expect(err).toMatch(/check accident: said failed, says ok \(version \d+\)/);
    expect(verdictOf(dir)).toEqual(before);
  });

  test('another version › prints the difference, names check and versions, overwrites nothing', async () => {
    const dir = savedRun('r1');
    const before = verdictOf(dir);
    const now = before.checks[1]!.version;
    const old = { ...before, pgdrill: '0.0.9', notCovered: [...before.notCovered, 'the moon'] };
    old.checks = before.checks.map((one, index) => (index === 1 ? { ...one, version: now + 1, findings: [] } : one));
    writeFileSync(path.join(dir, 'verdict.json'), canonicalJson(old));
    const { err } = await check('r1');
    expect(err).toContain(`(by 0.0.9, now ${packageVersion()}); verdict.json stays as it is`);
    expect(err).toContain(`check acknowledged-writes: says`);
    expect(err).toContain(`(version ${now + 1}, now ${now})`);
    expect(err).toContain('not covered: no longer "the moon"');
    expect(verdictOf(dir)).toEqual(old);
  });

  test('an unknown event › the checks that need it are unverified, the run is not passed', async () => {
    const dir = savedRun('r1');
    rewriteEvents(dir, (event) => (event.kind === 'member-observed' ? { ...event, kind: 'member-seen' } : event));
    const { code, out, err } = await check('r1', '--json');
    const verdict = JSON.parse(out) as Verdict;
    const status = (name: string) => verdict.checks.find((one) => one.check === name)?.status;
    expect(['content', 'integrity', 'members', 'leader'].map(status)).toEqual(Array(4).fill('unverified'));
    expect(status('accident')).toBe('ok');
    expect([verdict.outcome, code]).toEqual(['unverified', 3]);
    expect(err).toMatch(/not read: line \d+: unknown event "member-seen"/);
  });

  test('a line that is not JSON, and a last one half-written › are told, no crash', async () => {
    const dir = savedRun('r1');
    rewrite(path.join(dir, 'events.jsonl'), (text) => `${text}{{{\n{"seq":9`);
    const { code, err } = await check('r1');
    expect(err).toMatch(/not read: line \d+: not JSON/);
    expect(err).toMatch(/not read: line \d+: half-written/);
    expect(code).toBe(3);
  });

  test('no run in the events › unverified, with what to do', async () => {
    const dir = savedRun('r1');
    writeFileSync(path.join(dir, 'events.jsonl'), 'what?\n');
    const { code, err } = await check('r1');
    expect(err).toMatch(/PGDRILL_EVIDENCE_UNREADABLE: .*\n {2}what to do: /);
    expect(code).toBe(3);
  });

  test('a verdict.json that is none › is told, and stays', async () => {
    const dir = savedRun('r1');
    writeFileSync(path.join(dir, 'verdict.json'), '{"half":');
    expect((await check('r1')).err).toContain('verdict.json is not a verdict that this version can read');
    expect(readFileSync(path.join(dir, 'verdict.json'), 'utf8')).toBe('{"half":');
  });
});

describe('a session', () => {
  test('by path and by id › every run, and the worst exit code', async () => {
    savedRun('r1');
    const bad = savedRun('r2');
    rewriteEvents(bad, (event) =>
      event.kind === 'member-observed' ? { ...event, value: { ...event.value, ledger: '1-2' } } : event,
    );
    savedRun('r3', 's2');
    for (const name of ['s1', path.join(folder, 's1')]) {
      const { code, out } = await check(name);
      expect(code).toBe(1);
      expect(out).toMatch(/r1 +the same, to the byte\n/);
      expect(out).toMatch(/FAILED +delete-without-where +r2 +ANOTHER verdict by the same version\n/);
      expect(out).toContain('2 runs judged again, 1 to the same bytes');
      expect(out).not.toContain('r3');
    }
  });

  test('one run that cannot be read › the others are judged all the same', async () => {
    savedRun('r1');
    mkdirSync(path.join(folder, 's1', 'r2'));
    writeFileSync(path.join(folder, 's1', 'r2', 'events.jsonl'), '');
    const { code, out, err } = await check('s1');
    expect(code).toBe(3);
    expect(out).toMatch(/UNREADABLE +r2 +PGDRILL_EVIDENCE_UNREADABLE/);
    expect(out).toMatch(/r1 +the same, to the byte/);
    expect(err).toContain('PGDRILL_EVIDENCE_UNREADABLE');
    const list = JSON.parse((await check('s1', '--json')).out) as { run: string; error?: object; verdict?: object }[];
    expect(list.map(({ run, error, verdict }) => [run, Boolean(error), Boolean(verdict)])).toEqual([
      ['r1', false, true],
      ['r2', true, false],
    ]);
  });

  test.each([
    ['a folder that is not there', './nowhere/x', /there is no folder .*nowhere\/x/],
    ['a folder without runs', '.', /no run was saved in /],
    ['an id that nothing has', 'zz', /PGDRILL_UNKNOWN_RUN/],
    ['a begin that several runs have', 'r', /begin of several: r1, r2/],
  ])('%s › is wrong usage', async (_what, name, text) => {
    savedRun('r1');
    savedRun('r2');
    const given = name === '.' ? mkdtempSync(path.join(folder, 'empty-')) : name;
    await expect(check(given)).rejects.toThrow(text);
  });
});

test('honest runs › are the evidence in the code and those saved, none that was expected to be red', () => {
  const names = honestRuns().map(({ name }) => name);
  expect([names[0], names.includes(path.basename(sample))]).toEqual(['built', true]);
  const dir = savedRun('r1');
  rewrite(path.join(dir, 'verdict.json'), (text) => text.replace(/"outcome": "\w+"/, '"outcome": "failed"'));
  expect(honestRuns(path.join(folder, 's1')).map(({ name }) => name)).toEqual([
    'built',
    'built-without-ledger',
    'built-failover',
  ]);
  writeFileSync(path.join(dir, 'verdict.json'), '');
  expect(() => honestRuns(path.join(folder, 's1'))).toThrow(/the saved run .*r1 cannot be read/);
});
