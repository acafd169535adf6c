import { labels } from '../run/ids';
import { pause, until } from '../run/until';
import { findRuns, leftovers, removeRun, sweep } from './cleanup';
import { connectEngine, type Engine } from './connect';
import { creating, creationsEnded } from './creations';
import { createNetwork } from './network';
import { startProcess } from './scratch-process';
import { beginScratchRun } from './scratch-run';
import { createVolume } from './volume';

jest.setTimeout(120_000);

/** Makes a network and a volume of a run in a process that then ends, and so is gone as their owner. */
async function abandon(run: string, more: Record<string, string> = {}): Promise<void> {
  const maker = startProcess(`
    const connected = await engine('connect').connectEngine();
    await engine('network').createNetwork(connected, '${run}', '${run}', ${JSON.stringify(more)});
    await engine('volume').createVolume(connected, '${run}', '${run}');
    console.log('made');`);
  await maker.said('made');
  await maker.closed;
}

describe('cleanup', () => {
  let engine: Engine;
  const name = (purpose: string) => `scratch-cleanup-${process.pid}-${purpose}`;

  beforeAll(async () => {
    engine = await connectEngine();
  });
  afterAll(async () => {
    for (const purpose of ['dead', 'kept', 'live', 'remote', 'slow']) await removeRun(engine, name(purpose));
  });

  test('removeRun removes containers, network and volumes, and is idempotent', async () => {
    const run = await beginScratchRun();
    const volume = await createVolume(engine, run.id, `${run.id}-data`);
    const [first] = await Promise.all([run.start('one', { volumes: [{ volume, target: '/data' }] }), run.start('two')]);
    await first?.pause();
    expect((await leftovers(engine, run.id)).map(({ kind }) => kind).sort()).toEqual([
      'container',
      'container',
      'network',
      'volume',
    ]);
    expect(await removeRun(engine, run.id)).toHaveLength(4);
    expect(await leftovers(engine, run.id)).toEqual([]);
    expect(await removeRun(engine, run.id)).toEqual([]);
  });

  test('removeRun at the same time from two sides ends well on both', async () => {
    const run = await beginScratchRun();
    await Promise.all([run.start('one'), run.start('two')]);
    await Promise.all([removeRun(engine, run.id), removeRun(engine, run.id)]);
    expect(await leftovers(engine, run.id)).toEqual([]);
  });

  test('removeRun waits for a creation that is slower than its looks', async () => {
    const run = name('slow');
    const slowly = async () => {
      // An engine under load: the answer to what was asked before comes after removeRun has seen nothing twice.
      await pause(1_000, new AbortController().signal);
      await createVolume(engine, run, run);
    };
    void creating(run, slowly());
    expect(await removeRun(engine, run)).toEqual([`volume ${run}`]);
    expect(await leftovers(engine, run)).toEqual([]);
  });

  test('removeRun after an interrupt finds what was still being created', async () => {
    const run = await beginScratchRun();
    const controller = new AbortController();
    const starts = ['a', 'b', 'c'].map((one) => run.start(one, { ports: [80] }, controller.signal));
    await until('containers started', run.context, async () => (await leftovers(engine, run.id)).length > 1);
    controller.abort();
    for (const start of starts) await expect(start).rejects.toMatchObject({ code: 'PGDRILL_INTERRUPTED' });
    await removeRun(engine, run.id);
    expect(await creationsEnded(run.id)).toBe(false);
    expect(await leftovers(engine, run.id)).toEqual([]);
  });

  test("removeRun takes somebody's own container off the network and leaves it", async () => {
    const [run, other] = [await beginScratchRun(), await beginScratchRun()];
    const guest = await other.start('guest');
    await guest.connect(run.network.name, []);
    await run.end();
    expect(await leftovers(engine, run.id)).toEqual([]);
    expect(await guest.isRunning()).toBe(true);
    await other.end();
  });

  test('sweep takes what dead processes left, and leaves the living, the kept and the unknown', async () => {
    await abandon(name('dead'));
    await abandon(name('kept'), { [labels.kept]: 'kept' });
    await createNetwork(engine, name('live'), name('live'));
    await engine.docker.createNetwork({
      Name: name('remote'),
      Labels: { [labels.run]: name('remote'), [labels.owner]: 'another-host/1/1' },
    });
    const known = await findRuns(engine);
    const stateOf = (purpose: string) => {
      const { kept, ownerGone } = known.find(({ run }) => run === name(purpose)) ?? {};
      return { kept, ownerGone };
    };
    expect(stateOf('dead')).toEqual({ kept: false, ownerGone: true });
    expect(stateOf('kept')).toEqual({ kept: true, ownerGone: true });
    expect(stateOf('live')).toEqual({ kept: false, ownerGone: false });
    expect(stateOf('remote')).toEqual({ kept: false, ownerGone: false });
    expect(await sweep(engine)).toContain(name('dead'));
    const left = (await findRuns(engine)).map(({ run }) => run);
    expect(left).not.toContain(name('dead'));
    expect(left).toEqual(expect.arrayContaining([name('kept'), name('live'), name('remote')]));
  });
});
