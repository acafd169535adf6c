import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { contentOf } from './build';
import { connectEngine, type Engine } from './connect';
import { builtImages, ensureImages, removeStaleImages, staleImages, type BuildOptions } from './images';
import { startProcess } from './scratch-process';
import { findStack, type Stack } from './stacks';

jest.setTimeout(120_000);

/** A stack of its own, so that the images of the test are not those of drills. */
const stack: Stack = { ...findStack('bookworm'), name: `scratch${process.pid}`, buildArguments: {} };

describe('images', () => {
  let engine: Engine;
  let dockerDir: string;
  let said: string[];
  let options: BuildOptions;

  beforeAll(async () => {
    engine = await connectEngine();
  });
  beforeEach(() => {
    dockerDir = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-images-'));
    said = [];
    const { signal } = new AbortController();
    options = { dockerDir, progress: (text) => said.push(text), signal, deadlineScale: 1 };
  });
  afterEach(() => rmSync(dockerDir, { recursive: true, force: true }));
  afterAll(async () => {
    const ours = (await builtImages(engine)).filter(({ tags }) => tags.some((tag) => tag.includes(stack.name)));
    for (const { id } of ours) await engine.docker.getImage(id).remove({ force: true });
  });

  const ourTags = async () => {
    const tags = (await builtImages(engine)).flatMap((image) => image.tags);
    return tags.filter((tag) => tag.includes(stack.name)).sort();
  };

  const write = (name: string, instructions: string, files: Record<string, string> = {}) => {
    mkdirSync(path.join(dockerDir, name), { recursive: true });
    const dockerfile = `ARG BASE_IMAGE\nFROM \${BASE_IMAGE}\n${instructions}\n`;
    for (const [file, text] of Object.entries({ Dockerfile: dockerfile, ...files })) {
      writeFileSync(path.join(dockerDir, name, file), text);
    }
  };

  test('are built with a line for each step, once for each content', async () => {
    write('etcd', 'COPY greeting /greeting\nRUN cat /greeting', { greeting: 'hello' });
    const { etcd } = await ensureImages(engine, stack, ['etcd'], options);
    expect(etcd).toMatch(new RegExp(`^pgdrill-etcd:${stack.name}-[0-9a-f]{12}$`));
    expect(said).toEqual([
      'etcd 1/5 ARG BASE_IMAGE',
      'etcd 2/5 FROM ${BASE_IMAGE}',
      'etcd 3/5 COPY greeting /greeting',
      'etcd 4/5 RUN cat /greeting',
      expect.stringMatching(/^etcd 5\/5 LABEL /) as string,
    ]);
    said.length = 0;
    expect(await ensureImages(engine, stack, ['etcd'], options)).toEqual({ etcd });
    expect(said).toEqual([]);
    write('etcd', 'COPY greeting /greeting\nRUN cat /greeting', { greeting: 'hello again' });
    expect((await ensureImages(engine, stack, ['etcd'], options)).etcd).not.toBe(etcd);
  });

  test('one that does not build shows the failing step and its output, and leaves no image of its tag', async () => {
    write('etcd', 'RUN echo fine\nRUN echo E: Unable to locate package patroni >&2; exit 100');
    write('node', 'RUN sleep 60');
    const before = await ourTags();
    const started = performance.now();
    const error = await ensureImages(engine, stack, ['node', 'etcd'], options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'PGDRILL_IMAGE_BUILD',
      what: expect.stringMatching(
        /image etcd .*step 4\/5 RUN echo E: Unable.*100.*\nE: Unable to locate package patroni$/s,
      ) as string,
    });
    // The other one is given up at once.
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(await ourTags()).toEqual(before);
    await expect(ensureImages(engine, stack, ['etcd'], options)).rejects.toMatchObject({ code: 'PGDRILL_IMAGE_BUILD' });
  });

  test('a Dockerfile that cannot be read is an error of the same kind', async () => {
    write('etcd', 'NOSUCHINSTRUCTION');
    await expect(ensureImages(engine, stack, ['etcd'], options)).rejects.toMatchObject({
      code: 'PGDRILL_IMAGE_BUILD',
      what: expect.stringMatching(/NOSUCHINSTRUCTION/i) as string,
    });
    await expect(ensureImages(engine, stack, ['barman'], options)).rejects.toMatchObject({
      code: 'PGDRILL_IMAGE_CONTEXT',
    });
  });

  test('an interrupted build ends at once and leaves nothing', async () => {
    write('etcd', 'RUN sleep 61');
    const before = await ourTags();
    const controller = new AbortController();
    const building = ensureImages(engine, stack, ['etcd'], {
      ...options,
      signal: controller.signal,
      progress: (text) => text.includes('sleep') && controller.abort(),
    });
    await expect(building).rejects.toMatchObject({ code: 'PGDRILL_INTERRUPTED' });
    expect(await ourTags()).toEqual(before);
  });

  test('two processes that want the same image build it once', async () => {
    write('etcd', `RUN sleep 3 && echo ${dockerDir}`);
    const program = `
      const connected = await engine('connect').connectEngine();
      const say = (text) => console.log(text);
      const options = { dockerDir: ${JSON.stringify(dockerDir)}, progress: say, signal: new AbortController().signal, deadlineScale: 1 };
      const tags = await engine('images').ensureImages(connected, ${JSON.stringify(stack)}, ['etcd'], options);
      console.log('has ' + tags.etcd);`;
    const processes = [startProcess(program), startProcess(program)];
    await Promise.all(processes.map((one) => one.closed));
    const outputs = processes.map((one) => one.output());
    expect(outputs.filter((text) => text.includes('RUN sleep'))).toHaveLength(1);
    expect(
      outputs.filter((text) => /waiting for process \d+, which is building the image etcd/.test(text)),
    ).toHaveLength(1);
    const [first, second] = outputs.map((text) => /has (.*)/.exec(text)?.[1]);
    expect(first).toBe(second);
    expect(await contentOf(engine, first ?? '')).toMatch(/^[0-9a-f]{64}$/);
  });

  test('a lock whose holder was killed is taken over', async () => {
    write('etcd', `RUN sleep 4 && echo killed ${dockerDir}`);
    const holder = startProcess(`
      const connected = await engine('connect').connectEngine();
      const options = { dockerDir: ${JSON.stringify(dockerDir)}, progress: console.log, signal: new AbortController().signal, deadlineScale: 1 };
      await engine('images').ensureImages(connected, ${JSON.stringify(stack)}, ['etcd'], options);`);
    await holder.said('RUN sleep');
    holder.child.kill('SIGKILL');
    await holder.closed;
    const { etcd } = await ensureImages(engine, stack, ['etcd'], options);
    expect(await contentOf(engine, etcd)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('versions that are no longer wanted are stale, and removed on request', async () => {
    write('etcd', 'RUN echo old');
    const old = (await ensureImages(engine, stack, ['etcd'], options)).etcd;
    write('etcd', 'RUN echo new');
    write('node', '');
    write('barman', '');
    const present = (await ensureImages(engine, stack, ['etcd'], options)).etcd;
    const tags = (await staleImages(engine, [stack], dockerDir)).flatMap((image) => image.tags);
    expect(tags).toContain(old);
    expect(tags).not.toContain(present);
    // Only what is of this test's stack: the images of drills stay.
    const removed = await removeStaleImages(engine, [stack], dockerDir, (image) =>
      image.tags.some((tag) => tag.includes(stack.name)),
    );
    expect(removed.flatMap((image) => image.tags)).toContain(old);
    expect(await contentOf(engine, old)).toBeUndefined();
    expect(await contentOf(engine, present)).toBeDefined();
  });

  test('an unknown stack is named with those that are known', async () => {
    await expect(ensureImages(engine, 'sarge', ['etcd'], options)).rejects.toMatchObject({
      code: 'PGDRILL_UNKNOWN_STACK',
      cure: 'choose one of: bookworm',
    });
  });
});
