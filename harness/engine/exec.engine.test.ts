import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Container } from './container';
import { beginScratchRun, type ScratchRun } from './scratch-run';

const megabyte = Buffer.alloc(1 << 20, 'pgdrill\n');

/** Megabytes without holding them, and their hash. */
function megabytes(count: number): { stream: Readable; sha256: string; given(): number } {
  let given = 0;
  const hash = createHash('sha256');
  for (let index = 0; index < count; index += 1) hash.update(megabyte);
  const stream = Readable.from(
    (function* () {
      for (; given < count; given += 1) yield megabyte;
    })(),
    { objectMode: false },
  );
  return { stream, sha256: hash.digest('hex'), given: () => given };
}

jest.setTimeout(60_000);

describe('exec', () => {
  let run: ScratchRun;
  let container: Container;

  beforeAll(async () => {
    run = await beginScratchRun();
    container = await run.start('exec');
  });
  afterAll(() => run.end());

  test('keeps stdout, stderr and exit code apart', async () => {
    const result = await container.exec(['sh', '-c', 'echo out; echo err >&2; exit 7']);
    expect(result).toEqual({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
  });

  test('runs as a user, in a folder, with an environment', async () => {
    const options = { user: 'nobody', workingDir: '/var', environment: { COLOUR: 'blue green' } };
    const { stdout } = await container.exec(['sh', '-c', 'id -un; pwd; echo "$COLOUR"'], options);
    expect(stdout).toBe('nobody\n/var\nblue green\n');
  });

  test('gives text as input and its end, while the output goes on', async () => {
    const command = ['sh', '-c', 'cat; echo after the end'];
    expect((await container.exec(command, { input: 'line 1\nline 2\n' })).stdout).toBe(
      'line 1\nline 2\nafter the end\n',
    );
    expect((await container.exec(['wc', '-c'], { input: '' })).stdout).toBe('0\n');
  });

  test('streams 50 MB in', async () => {
    const { stream, sha256 } = megabytes(50);
    const { stdout } = await container.exec(['sha256sum'], { input: stream, check: true });
    expect(stdout).toBe(`${sha256}  -\n`);
  });

  test('gives 50 MB of output whole', async () => {
    const { stdout, exitCode } = await container.exec(['sh', '-c', 'yes pgdrill | head -c 52428800']);
    expect(exitCode).toBe(0);
    expect(stdout.length).toBe(52_428_800);
    expect(createHash('sha256').update(stdout).digest('hex')).toBe(megabytes(50).sha256);
  });

  test('streams input to output in memory that does not grow', async () => {
    const { stream, sha256 } = megabytes(300);
    const before = process.memoryUsage().rss;
    const { stdout, finished } = await container.execStream(['cat'], { input: stream, check: true });
    const hash = createHash('sha256');
    for await (const chunk of stdout) hash.update(chunk as Buffer);
    expect(await finished).toEqual({ exitCode: 0, stderr: '' });
    expect(hash.digest('hex')).toBe(sha256);
    expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
  });

  test('gives no more input than the command takes', async () => {
    const { stream, given } = megabytes(100);
    const command = ['sh', '-c', 'head -c 1 > /dev/null; echo begun; until [ -e /go ]; do sleep 0.1; done; wc -c'];
    const { stdout, finished } = await container.execStream(command, { input: stream, check: true });
    const output = stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    expect(String((await output.next()).value)).toBe('begun\n');
    // Two more round trips: time enough to pour all of it into memory, were it not held back.
    await container.exec(['true']);
    await container.exec(['touch', '/go']);
    expect(given()).toBeLessThan(20);
    expect(Number((await output.next()).value)).toBeGreaterThan(90e6);
    expect((await output.next()).done).toBe(true);
    await finished;
    expect(given()).toBe(100);
  });

  test('a command that ends without reading its input still has its word and its code', async () => {
    const { stream } = megabytes(50);
    const result = await container.exec(['sh', '-c', 'echo enough >&2; exit 3'], { input: stream });
    expect(result).toEqual({ exitCode: 3, stdout: '', stderr: 'enough\n' });
  });

  test('an input that breaks is an error, not a short input', async () => {
    const input = Readable.from(
      (function* () {
        yield 'begun';
        throw new Error('the disk is gone');
      })(),
    );
    await expect(container.exec(['cat'], { input })).rejects.toMatchObject({ code: 'PGDRILL_INPUT_FAILED' });
  });

  test('check names command, code and what was said', async () => {
    const failing = container.exec(['sh', '-c', 'echo no such thing >&2; exit 4'], { check: true });
    await expect(failing).rejects.toMatchObject({
      code: 'PGDRILL_COMMAND_FAILED',
      what: expect.stringMatching(/^"sh -c .*" in scratch-.* ended with 4: no such thing$/) as string,
    });
  });

  test('a signal that aborts ends the waiting at once', async () => {
    const controller = new AbortController();
    const waiting = container.exec(['sleep', '60'], { signal: controller.signal });
    const { finished, stdout } = await container.execStream(['yes'], { signal: controller.signal });
    stdout.once('data', () => controller.abort());
    await expect(waiting).rejects.toMatchObject({ code: 'PGDRILL_INTERRUPTED' });
    await expect(finished).rejects.toMatchObject({ code: 'PGDRILL_INTERRUPTED' });
    await container.exec(['pkill', 'sleep']).catch(() => undefined);
  });

  test('a stopped or paused container says so', async () => {
    const other = await run.start('other');
    await other.pause();
    await expect(other.exec(['true'])).rejects.toMatchObject({ code: 'PGDRILL_CONTAINER_NOT_RUNNING' });
    await other.unpause();
    expect((await other.exec(['true'])).exitCode).toBe(0);
    await other.kill();
    await expect(other.exec(['true'])).rejects.toMatchObject({ code: 'PGDRILL_CONTAINER_NOT_RUNNING' });
  });

  test('a command that does not exist fails with 126 or 127, and its name', async () => {
    const { exitCode, stdout, stderr } = await container.exec(['no-such-program']);
    expect([126, 127]).toContain(exitCode);
    expect(stdout + stderr).toContain('no-such-program');
  });
});
