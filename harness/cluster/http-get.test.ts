import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getHttp } from './http-get';

/** Listens on a free port for as long as the call takes. */
async function listening<T>(server: net.Server, call: (port: number) => Promise<T>): Promise<T> {
  const sockets: net.Socket[] = [];
  server.on('connection', (socket: net.Socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await call((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

const { signal } = new AbortController();
const ask = (port: number, limits: { signal: AbortSignal; timeoutMs?: number }) =>
  getHttp({ port, path: '/health', tls: false }, limits);

describe('one GET', () => {
  test('an answer › its status and body', async () => {
    const server = http.createServer((_request, response) => response.writeHead(503).end('no quorum'));
    expect(await listening(server, (port) => ask(port, { signal, timeoutMs: 5000 }))).toEqual({
      status: 503,
      body: 'no quorum',
    });
  });

  test('a server that takes connections and never answers › given up, garbage collected or not', async () => {
    const asked = listening(net.createServer(), (port) => {
      const answer = ask(port, { signal, timeoutMs: 100 });
      collectGarbage();
      return answer;
    });
    await expect(asked).rejects.toThrow('no answer within 100 ms');
  });

  test('the signal › ends it', async () => {
    const over = new AbortController();
    const asked = listening(net.createServer(), (port) => {
      const answer = ask(port, { signal: over.signal });
      over.abort();
      return answer;
    });
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('nobody listens › says so', async () => {
    const port = await listening(net.createServer(), (free) => Promise.resolve(free));
    await expect(ask(port, { signal, timeoutMs: 5000 })).rejects.toThrow(/ECONNREFUSED/);
  });
});
