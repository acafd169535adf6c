import { Teardown } from './teardown';

/** 'undo' is 30 s in the table: 30 ms. */
const SCALE = 0.001;

function recording() {
  const teardown = new Teardown();
  const undone: string[] = [];
  const add = (name: string) => teardown.add(name, 'undo', async () => void undone.push(name));
  return { teardown, undone, add };
}

describe('teardown', () => {
  test('last in, first out, one after the other', async () => {
    const teardown = new Teardown();
    const events: string[] = [];
    for (const name of ['network', 'volume', 'container']) {
      teardown.add(name, 'undo', async () => {
        events.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        events.push(`${name} ends`);
      });
    }
    expect(await teardown.run()).toEqual([]);
    expect(events).toEqual([
      'container begins',
      'container ends',
      'volume begins',
      'volume ends',
      'network begins',
      'network ends',
    ]);
  });

  test('one fails › the others are undone all the same, the failure is told', async () => {
    const { teardown, undone, add } = recording();
    add('network');
    teardown.add('volume', 'undo', () => Promise.reject(new Error('volume is in use')));
    teardown.add('image', 'undo', () => {
      throw new Error('thrown at once');
    });
    add('container');
    expect(await teardown.run()).toEqual([
      { name: 'image', error: 'thrown at once' },
      { name: 'volume', error: 'volume is in use' },
    ]);
    expect(undone).toEqual(['container', 'network']);
  });

  test('one hangs › given up at its deadline, the next is undone', async () => {
    const { teardown, undone, add } = recording();
    add('network');
    teardown.add('container', 'undo', () => new Promise(() => undefined));
    expect(await teardown.run(SCALE)).toEqual([{ name: 'container', error: 'not undone within 30 ms' }]);
    expect(undone).toEqual(['network']);
  });

  test('one fails after its deadline › is not left unhandled', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listener);
    const teardown = new Teardown();
    let fail: (reason: Error) => void = () => undefined;
    teardown.add('container', 'undo', () => new Promise((_, reject) => (fail = reject)));
    await teardown.run(SCALE);
    fail(new Error('too late'));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });

  test('taken back › is not undone; taken back twice takes no other', async () => {
    const { teardown, undone, add } = recording();
    add('network');
    const release = add('container');
    release();
    release();
    await teardown.run();
    expect(undone).toEqual(['network']);
  });

  test('registered while undoing › is undone too', async () => {
    const { teardown, undone, add } = recording();
    teardown.add('cluster', 'undo', async () => void add('found late'));
    await teardown.run();
    expect(undone).toEqual(['found late']);
  });

  test('run twice › each is undone once', async () => {
    const { teardown, undone, add } = recording();
    add('network');
    await teardown.run();
    expect(await teardown.run()).toEqual([]);
    expect(undone).toEqual(['network']);
  });
});
