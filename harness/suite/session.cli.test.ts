import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';
import { sessionRecordSchema, type SessionRecord } from '../record/session';

/*
 * A session in a process of its own, as the command line has it, with drills that end before they need an engine.
 */
const script = `
  const { runSession } = require(${JSON.stringify(path.join(__dirname, 'session.ts'))});
  const { drills, ...options } = JSON.parse(process.argv[1]);
  runSession({ arguments: ['run'], ...options, drills, onRunEnded: (run) => console.log('ended', run.drill) })
    .then((session) => process.exit(session.exitCode));
`;

let dir: string;
beforeEach(() => (dir = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-session-'))));
afterEach(() => rmSync(dir, { recursive: true }));

function drill(id: string, text: string): { id: string; title: string; file: string } {
  const file = path.join(dir, `${id}.drill.ts`);
  writeFileSync(file, text);
  return { id, title: id, file };
}

async function session(options: object): Promise<{ code: number; out: string; record: SessionRecord }> {
  const reportDir = path.join(dir, 'reports');
  const args = [
    '-r',
    path.join(packageRoot(), 'bin/machine/register.cjs'),
    '-e',
    script,
    JSON.stringify({ ...options, reportDir }),
  ];
  const { code, out } = await new Promise<{ code: number; out: string }>((resolve) => {
    execFile(process.execPath, args, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), out: stdout + stderr }),
    );
  });
  const text = readFileSync(path.join(reportDir, 'latest/session.json'), 'utf8');
  return { code, out, record: sessionRecordSchema.parse(JSON.parse(text)) };
}

describe('session', () => {
  test('drills that cannot be loaded › not-run, exit code 2, all reports, and nothing of Jest printed', async () => {
    const drills = [drill('b', 'throw new Error("of the weather");'), drill('a', 'export default 1;')];
    const { code, out, record } = await session({ drills });
    expect(code).toBe(2);
    expect(out).toBe('ended b\nended a\n');
    expect(record.runs.map((run) => [run.drill, run.outcome, run.stopped?.code])).toEqual([
      ['b', 'not-run', 'PGDRILL_DRILL_UNLOADABLE'],
      ['a', 'not-run', 'PGDRILL_DRILL_INVALID'],
    ]);
    const reports = path.join(dir, 'reports');
    expect(readlinkSync(path.join(reports, 'latest'))).toBe(record.session);
    expect(readFileSync(path.join(reports, 'latest/junit.xml'), 'utf8')).toContain('of the weather');
    expect(readFileSync(path.join(reports, 'latest/summary.md'), 'utf8')).toContain('not run');
    expect(readFileSync(path.join(reports, 'latest', record.runs[0]!.dir, 'child.log'), 'utf8')).toContain(
      'of the weather',
    );
  });

  test('a process that dies › is told with how it died', async () => {
    const { code, record } = await session({ drills: [drill('dies', 'process.kill(process.pid, "SIGKILL");')] });
    expect(code).toBe(2);
    expect(record.runs[0]?.stopped).toMatchObject({
      code: 'PGDRILL_DRILL_PROCESS_DIED',
      what: expect.stringContaining('SIGKILL'),
    });
  });

  test('--fail-fast › starts nothing after the first that did not pass', async () => {
    const drills = [drill('first', 'export default 1;'), drill('second', 'export default 1;')];
    const { record } = await session({ drills, failFast: true, jobs: 1 });
    expect(record.runs.map((run) => run.drill)).toEqual(['first']);
    expect(record.notStarted).toEqual(['second']);
  });

  test('repeats › one run each, seeds counting up', async () => {
    const { record } = await session({ drills: [drill('again', 'export default 1;')], repeat: 3, seed: 40 });
    expect(record.runs.map((run) => run.seed)).toEqual([40, 41, 42]);
  });
});
