import { readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { dump } from '../../../fixtures/dump';
import { editPage } from '../../accidents/corruption/edit-page';
import { makeBackup } from '../../backup/base-backup';
import { canonicalJson } from '../../checks/canonical-json';
import { judge } from '../../checks/judge';
import type { Cluster } from '../../cluster/cluster';
import { bootForTests, type TestCluster } from '../../cluster/test-cluster';
import { loadStage } from '../../drill/stage';
import { changeRow } from '../../formats/heap-page';
import { readBaselineFile, requireSameSystem, saveBaseline } from '../../observe/baseline-file';
import { foldEvents, parseEvents } from '../../record/fold';
import type { PitrRequest } from '../../record/journal';
import type { PitrPlan, RecoveryResult } from '../../record/recovery';
import type { SavedBaseline } from '../../record/saved-baseline';
import { verdictSchema, type Verdict } from '../../record/verdict';
import { findJournals } from '../../recovery/journal';
import { carryOut, pitrRequest, planPitr, type PitrContext } from '../../recovery/pitr';
import { raiseMode } from '../../recovery/plan/raise-mode';
import { resumePitr } from '../../recovery/resume';
import { newId } from '../../run/ids';
import { packageVersion } from '../../run/package';
import { Run } from '../../run/run';
import { noteBefore, verifyRecovered, type PitrVerification } from './verify';

const sample = path.join(__dirname, '../../../fixtures/thai/sample-dump.sql');
const database = 'thai';
const count = `${database}: SELECT count(*) FROM book.tickets`;

describe('a recovery of a cluster that nobody keeps a ledger of', () => {
  let booted: TestCluster;
  let cluster: Cluster;
  let request: PitrRequest;
  let plan: PitrPlan;
  let result: RecoveryResult;
  let tickets: string;
  let isolated: { run: Run; verification: PitrVerification };
  let first: { run: Run; verification: PitrVerification };
  let file: string;
  let saved: SavedBaseline;

  /** A run of its own, as each call of `pgdrill pitr` has one. */
  const newRun = (): Run => {
    const run = new Run({ id: newId(), sessionDir: path.dirname(booted.run.dir), seed: 1, deadlineScale: 3 });
    for (const [name, secret] of Object.entries(cluster.description.secrets)) run.secrets.remember(name, secret);
    run.recorder.record({
      kind: 'run-started',
      format: 1,
      pgdrill: packageVersion(),
      node: process.version,
      run: run.id,
      session: run.id,
      drill: 'pitr',
      title: 'point-in-time recovery',
      stack: cluster.description.stack,
      dataset: 'none',
      seed: 1,
      arguments: [],
      objectives: { lostWrites: 0 },
      phases: [],
    });
    return run;
  };
  /** Verifies once more what the one recovery brought back, held against something else. */
  const verifyAgain = async (given: { baseline?: string; expects: string[] }) => {
    const run = newRun();
    const options = { request, plan, ...given };
    await noteBefore(run, cluster, options);
    run.recorder.record({ kind: 'recovered', episode: 0, recovery: result });
    const verification = await verifyRecovered(run, cluster, { ...options, result });
    return { verification, verdict: verdictOf(run) };
  };

  beforeAll(async () => {
    booted = await bootForTests(2);
    cluster = booted.cluster;
    await loadStage(booted.run, cluster, dump(sample));
    file = path.join(os.tmpdir(), `pgdrill-test-${booted.run.id}.json`);
    saved = await saveBaseline(booted.run, cluster, file);
    const backup = await makeBackup(booted.run, cluster);
    const leader = await cluster.leader();
    tickets = await leader.value('SELECT count(*) FROM book.tickets', database);
    const time = await leader.value(
      "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'",
    );
    await leader.query('DELETE FROM book.tickets', [], database);
    const target = { kind: 'time', time, inclusive: true } as const;
    request = pitrRequest({ target, backup: backup.id, targetTimeline: 1, mode: 'restore', fence: 'none' });
    plan = await planPitr(booted.run, cluster, request);
    const expects = [`${count} => ${tickets}`, count.replace('count(*)', 'count(*) > 0')];
    const recovered = async (run: Run, recover: (context: PitrContext) => Promise<RecoveryResult>) => {
      const options = { request, plan, baseline: file, expects };
      await noteBefore(run, cluster, options);
      result = await recover({ run, cluster, episode: 0, checkThere: () => Promise.resolve([]) });
      run.recorder.record({ kind: 'recovered', episode: 0, recovery: result });
      return { run, verification: await verifyRecovered(run, cluster, { ...options, result }) };
    };
    isolated = await recovered(newRun(), (context) => carryOut(context, request, plan));
    // Gone on with by another run, as by another process: what was noted before comes from beside the journal.
    const [journal] = await findJournals(cluster);
    plan = raiseMode(plan, 'cluster');
    request = { ...request, mode: 'cluster', fence: plan.fence };
    first = await recovered(newRun(), (context) => resumePitr(context, journal!, { mode: 'cluster' }));
  });
  afterAll(async () => {
    for (const one of [file, `${file}.rows.tsv`]) rmSync(one, { force: true });
    await booted?.end();
  });

  test('as far as --restore › the isolated node is verified, and said not to be the cluster’s yet', () => {
    const verdict = verdictOf(isolated.run);
    expect(redOf(verdict)).toEqual({});
    expect(isolated.verification.outcome).toBe('passed');
    const seen = verdict.checks.filter(({ status }) => status === 'ok').map(({ check }) => check);
    expect(seen).toEqual(['stop-point', 'content', 'globals', 'integrity', 'timeline', 'secrets', 'expectations']);
    expect(isolated.verification.notCovered[0]).toMatch(/^the cluster: db\d is not its leader yet/);
    const states = isolated.verification.checklist.map(({ title, state }) => [title, state]);
    expect(states).toContainEqual(['data', 'ok']);
    expect(states).toContainEqual(['cluster', 'unknown']);
  });

  test('gone on with, baseline and expectation › passed, every line of the checklist ticked', () => {
    const verdict = verdictOf(first.run);
    expect(redOf(verdict)).toEqual({});
    expect(first.verification.outcome).toBe('passed');
    expect(first.verification.checklist.map(({ title, state }) => [title, state])).toEqual([
      ['recovery', 'ok'],
      ['recovery target', 'ok'],
      ['timeline', 'ok'],
      ['data', 'ok'],
      ['cluster', 'ok'],
      ['archive', 'ok'],
    ]);
    expect(first.verification.notCovered.join()).not.toContain('content');
    expect(statusOf(verdict)).toMatchObject({
      accident: 'not-applicable',
      'acknowledged-writes': 'not-applicable',
      roles: 'not-applicable',
      content: 'ok',
      globals: 'ok',
      fence: 'ok',
      expectations: 'ok',
      members: 'ok',
      secrets: 'ok',
    });
  });

  test('saved run › judged again from its events to the same bytes', () => {
    const { dir } = first.run;
    const events = readFileSync(path.join(dir, 'events.jsonl'), 'utf8');
    const again = judge(foldEvents(parseEvents(events)), { pgdrill: packageVersion() });
    expect(canonicalJson(again)).toBe(readFileSync(path.join(dir, 'verdict.json'), 'utf8'));
  });

  test('baseline file › for its owner only, without secrets; of another system it is refused', async () => {
    const text = readFileSync(file, 'utf8');
    for (const secret of Object.values(cluster.description.secrets)) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/SCRAM|password/);
    expect(saved.origin.methods).toEqual(['columns-1-stored']);
    for (const one of [file, `${file}.rows.tsv`]) expect(statSync(one).mode & 0o077).toBe(0);
    const read = await readBaselineFile(booted.run, file);
    expect(read.saved).toEqual(saved);
    expect(() => requireSameSystem(saved, cluster, '7000000000000000001')).toThrow(
      expect.objectContaining({ code: 'PGDRILL_BASELINE_OTHER' }) as Error,
    );
    await expect(readBaselineFile(booted.run, sample)).rejects.toMatchObject({ code: 'PGDRILL_BASELINE_UNREADABLE' });
  });

  test('a false expectation › failed, with query, expected and found on every member', async () => {
    const { verification, verdict } = await verifyAgain({
      expects: [
        `${count} => 1`,
        `${database}: SELECT 1 FROM book.nothing`,
        `${database}: SELECT nextval('book.tickets_id_seq') => 1`,
      ],
    });
    expect(verification.outcome).toBe('failed');
    expect(Object.keys(redOf(verdict))).toEqual(['expectations']);
    const findings = verdict.checks.find(({ check }) => check === 'expectations')!.findings;
    expect(findings.map(({ member, found }) => [member, found.split(':')[0]])).toEqual(
      cluster.nodes.flatMap(({ name }) => [
        [name, tickets],
        [name, '42P01'],
        [name, '25006'],
      ]),
    );
    expect(findings[0]!.expected).toBe(`${count} => 1`);
    expect(verification.checklist.find(({ title }) => title === 'data')!.state).toBe('bad');
  });

  test('neither baseline nor expectation › content is no passed check and named as not covered', async () => {
    const { verification, verdict } = await verifyAgain({ expects: [] });
    expect(verification.outcome).toBe('passed');
    expect(verification.notCovered.join()).toContain('content: no baseline');
    expect(statusOf(verdict)).toMatchObject({
      content: 'not-applicable',
      expectations: 'not-applicable',
      databases: 'ok',
    });
  });

  test('one row changed on the replica alone › red, narrowed to the row', async () => {
    const leader = await cluster.leader();
    const [replica] = cluster.others(leader.name);
    const [row] = await replica!.query<{ id: string; block: number; line: number; fio: string }>(
      `SELECT id::text, (ctid::text::point)[0]::int AS block, (ctid::text::point)[1]::int AS line, fio
       FROM book.tickets WHERE fio IS NOT NULL ORDER BY id LIMIT 1`,
      [],
      database,
    );
    const { id, block, line, fio } = row!;
    const other = fio.slice(0, 1).toLowerCase() + fio.slice(1);
    const edit = (page: Buffer) => changeRow(page, line, Buffer.from(fio), Buffer.from(other));
    await editPage(booted.run, cluster, replica!, { database, relation: 'book.tickets', block, edit });
    const { verification, verdict } = await verifyAgain({ baseline: file, expects: [] });
    expect(verification.outcome).toBe('failed');
    expect(Object.keys(redOf(verdict))).toEqual(['content']);
    const [finding] = redOf(verdict).content!;
    expect(finding).toMatchObject({ member: replica!.name, found: '1 differ: book.tickets' });
    expect(finding!.detail).toContainEqual(expect.stringContaining(`changed ${id}`));
  });
});

function verdictOf(run: Run): Verdict {
  return verdictSchema.parse(JSON.parse(readFileSync(path.join(run.dir, 'verdict.json'), 'utf8')));
}

/** Findings that are red or unverified, by check. */
function redOf({ checks }: Verdict) {
  const bad = checks.map(({ check, findings }) => [
    check,
    findings.filter(({ status }) => status === 'failed' || status === 'unverified'),
  ]);
  return Object.fromEntries(bad.filter(([, findings]) => findings!.length > 0)) as Record<
    string,
    Verdict['checks'][number]['findings']
  >;
}

function statusOf({ checks }: Verdict): Record<string, string> {
  return Object.fromEntries(checks.map(({ check, status }) => [check, status]));
}
