import { removeRun } from './cleanup';
import { connectEngine } from './connect';
import { watchEngine } from './events';
import { startProxy } from './scratch-proxy';
import { beginScratchRun } from './scratch-run';

jest.setTimeout(60_000);

describe('connect', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test('describes the engine', async () => {
    const engine = await connectEngine();
    expect(engine.host).toBe('127.0.0.1');
    expect(engine.serverVersion).toMatch(/^\d+\./);
    expect(engine.dataRoot).toMatch(/^\//);
    expect(engine.memoryBytes).toBeGreaterThan(1e8);
    expect(process.env.TESTCONTAINERS_RYUK_DISABLED).toBe('true');
  });

  test.each(['unix:///no/such/docker.sock', 'tcp://127.0.0.1:1'])(
    'a DOCKER_HOST that is dead is an error: %s',
    async (host) => {
      process.env.DOCKER_HOST = host;
      await expect(connectEngine()).rejects.toMatchObject({
        code: 'PGDRILL_ENGINE_DEAD_HOST',
        what: expect.stringContaining(host) as string,
      });
    },
  );

  test('an engine behind TCP does all that one behind a socket does', async () => {
    const proxy = await startProxy('tcp');
    process.env.DOCKER_HOST = proxy.host;
    const run = await beginScratchRun();
    try {
      expect(run.engine.endpoint.host).toBe(proxy.host);
      const container = await run.start('tcp', { ports: [80] });
      const { stdout } = await container.exec(['sh', '-c', 'cat; echo end'], { input: 'half-closed\n' });
      expect(stdout).toBe('half-closed\nend\n');
    } finally {
      await run.end();
      await proxy.cut();
    }
  });

  test('an engine that dies in the middle is noticed once, by whoever watches and whoever asks', async () => {
    const proxy = await startProxy('unix');
    process.env.DOCKER_HOST = proxy.host;
    const engine = await connectEngine();
    const noticed: unknown[] = [];
    const notice = new Promise<void>((resolve) => {
      watchEngine(engine, (error) => {
        noticed.push(error);
        resolve();
      });
    });
    // The events have to flow before they can end.
    await engine.docker.ping();
    await proxy.cut();
    await notice;
    await expect(removeRun(engine, 'none')).rejects.toMatchObject({ code: 'PGDRILL_ENGINE_DIED' });
    expect(noticed).toMatchObject([{ code: 'PGDRILL_ENGINE_DIED' }]);
  });

  test('a watch that was stopped says nothing', async () => {
    const proxy = await startProxy('unix');
    process.env.DOCKER_HOST = proxy.host;
    const engine = await connectEngine();
    const noticed: unknown[] = [];
    const stop = watchEngine(engine, (error) => noticed.push(error));
    await engine.docker.ping();
    stop();
    await proxy.cut();
    await expect(engine.docker.ping()).rejects.toThrow();
    expect(noticed).toEqual([]);
  });
});
