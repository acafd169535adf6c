import { createServer, type AddressInfo, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import type { Container } from './container';

/** A port of this machine, on loopback, that leads into a container. */
export interface Forward {
  readonly port: number;
  /** Ends it with every connection through it. Idempotent. */
  close(): Promise<void>;
}

/** Where a bridge in a container connects to. */
export type BridgeEnd =
  | { host: string; port: number }
  /** The socket that the postmaster of this data directory listens on, as its `postmaster.pid` says at that moment. */
  | { postmasterOf: string };

/**
 * Copies its input to a connection and what comes back to its output. Lines 4 to 6 of postmaster.pid: port, folder of
 * the socket, first address (PostgreSQL, src/include/utils/pidfile.h).
 */
const python = `import os, socket, sys, threading
kind, one, two = sys.argv[1:4]
if kind == 'postmaster':
    lines = open(one + '/postmaster.pid').read().split('\\n')
    port, folder, address = lines[3].strip(), lines[4].strip(), lines[5].strip()
    if folder:
        s = socket.socket(socket.AF_UNIX)
        s.connect(folder + '/.s.PGSQL.' + port)
    else:
        s = socket.create_connection(('127.0.0.1' if address in ('', '*', '0.0.0.0') else address, int(port)))
else:
    s = socket.create_connection((one, int(two)))
def back():
    while True:
        data = s.recv(65536)
        if not data: os._exit(0)
        while data: data = data[os.write(1, data):]
threading.Thread(target=back, daemon=True).start()
while True:
    data = os.read(0, 65536)
    if not data: break
    s.sendall(data)
s.shutdown(socket.SHUT_WR)
threading.Event().wait(10)
`;

/** Python is there wherever Patroni is; socat and bash stand in where its interpreter has another name. */
const bridge = `if command -v python3 > /dev/null; then exec python3 -c "$PGDRILL_BRIDGE" "$@"; fi
kind=$1 one=$2 two=$3
if [ "$kind" = postmaster ]; then
  port=$(sed -n 4p "$one/postmaster.pid") folder=$(sed -n 5p "$one/postmaster.pid")
  if command -v socat > /dev/null && [ -n "$folder" ]; then exec socat - "UNIX-CONNECT:$folder/.s.PGSQL.$port"; fi
  one=127.0.0.1 two=$port
fi
if command -v socat > /dev/null; then exec socat - "TCP:$one:$two"; fi
exec bash -c 'exec 3<> "/dev/tcp/$0/$1" || exit; cat <&3 & cat >&3; kill $!' "$one" "$two"`;

/**
 * Opens a port on loopback that leads through a container to an address, as seen from inside it: for what publishes no
 * port. Each connection is one command in the container, over the engine's own connection. Does not keep the process
 * alive. A connection that cannot be made inside is closed at once.
 * @param options.user who connects inside, for a socket with peer authentication
 */
export async function openForward(container: Container, to: BridgeEnd, options: { user?: string }): Promise<Forward> {
  const words = 'postmasterOf' in to ? ['postmaster', to.postmasterOf, ''] : ['tcp', to.host, String(to.port)];
  const sockets = new Set<Socket>();
  const connected = async (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    // Not the socket itself: whoever iterates over a stream destroys it at its end, and the answer may still come.
    const input = socket.pipe(new PassThrough());
    socket.on('close', () => input.end());
    try {
      const { stdout } = await container.execStream(['sh', '-c', bridge, 'sh', ...words], {
        input,
        environment: { PGDRILL_BRIDGE: python },
        ...(options.user === undefined ? {} : { user: options.user }),
      });
      stdout.on('error', () => socket.destroy());
      stdout.on('close', () => socket.end());
      stdout.pipe(socket);
    } catch {
      socket.destroy();
    }
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => void connected(socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
