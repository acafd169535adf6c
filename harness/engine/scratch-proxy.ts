import { rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { findEndpoint } from '../../bin/machine/endpoint.cjs';

/** The real engine behind a socket of a test's own, that can be cut. */
export interface EngineProxy {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** Cuts every connection and listens no more, as an engine that dies does. */
  cut(): Promise<void>;
}

/** @param by the kind of address to listen on */
export async function startProxy(by: 'unix' | 'tcp'): Promise<EngineProxy> {
  const endpoint = await findEndpoint(process.env);
  if ('failure' in endpoint || !endpoint.socketPath) throw new Error('the tests need an engine on a local socket');
  const { socketPath } = endpoint;
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: socketPath, allowHalfOpen: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy()).on('close', () => (open.delete(one), other.destroy()));
    }
  });
  const file = path.join(os.tmpdir(), `pgdrill-proxy-${process.pid}-${process.hrtime.bigint()}.sock`);
  await new Promise<void>((resolve) => {
    if (by === 'unix') server.listen(file, resolve);
    else server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const host = typeof address === 'object' && address ? `tcp://127.0.0.1:${address.port}` : `unix://${file}`;
  return {
    host,
    cut: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
      rmSync(file, { force: true });
    },
  };
}
