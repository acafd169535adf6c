import { connect } from 'node:net';
import type { Container } from './container';
import { openForward } from './forward';
import { beginScratchRun, type ScratchRun } from './scratch-run';

jest.setTimeout(60_000);

/** Answers each line with itself in capitals, and says goodbye when its input ends. */
const server = `my $s = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', LocalPort => 7000, ReuseAddr => 1);
while (my $c = $s->accept) { if (!fork) { while (<$c>) { print $c uc } print $c "goodbye\\n"; exit } close $c }`;

describe('forward into a container that publishes nothing', () => {
  let run: ScratchRun;
  let container: Container;

  beforeAll(async () => {
    run = await beginScratchRun();
    container = await run.start('forwarded', { command: ['perl', '-MIO::Socket::INET', '-e', server] });
  });
  afterAll(() => run.end());

  test('publishes › is known of a port', async () => {
    expect(await container.publishes(7000)).toBe(false);
    const other = await run.start('published', { ports: [7000] });
    expect(await other.publishes(7000)).toBe(true);
    expect(await other.publishes(7001)).toBe(false);
  });

  test('both ways, several at once', async () => {
    const forward = await openForward(container, { host: '127.0.0.1', port: 7000 }, {});
    try {
      const answers = await Promise.all([talk(forward.port, 'one\n'), talk(forward.port, 'two\n')]);
      expect(answers).toEqual(['ONE\n', 'TWO\n']);
    } finally {
      await forward.close();
    }
    await expect(talk(forward.port, 'three\n')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('where nobody listens the connection ends at once', async () => {
    const forward = await openForward(container, { host: '127.0.0.1', port: 7001 }, {});
    await expect(talk(forward.port, 'anybody?\n')).rejects.toThrow();
    await forward.close();
  });
});

/** Says something, and gives back the first thing that is answered. */
async function talk(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(String(data));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without an answer')));
  });
}
