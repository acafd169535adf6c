import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { addressOf } from './address.cjs';
import { environmentOf, findEndpoint } from './endpoint.cjs';

const version = { Version: '99.1', ApiVersion: '1.41', Os: 'linux', Arch: 'amd64', Components: [{ Name: 'Engine' }] };

let home: string;
const servers: http.Server[] = [];

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'pgdrill-endpoint-'));
});

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  fs.rmSync(home, { recursive: true, force: true });
});

/** A server that answers as an engine does; `at` is a socket's path, or 0 for a free port of loopback. */
async function engine(at: string | 0, answer: (request: http.IncomingMessage) => object | undefined = () => version) {
  if (at) fs.mkdirSync(path.dirname(at), { recursive: true });
  const server = http.createServer((request, response) => {
    const body = answer(request);
    if (!body) return;
    response.end(request.url === '/_ping' ? 'OK' : JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => (at ? server.listen(at, resolve) : server.listen(0, '127.0.0.1', resolve)));
  return at ? at : `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function writeContext(name: string, docker: object) {
  const id = createHash('sha256').update(name).digest('hex');
  const folder = path.join(home, '.docker/contexts/meta', id);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker } }));
}

const socket = (name: string) => path.join(home, name);
const places = () => ({ home, systemSockets: [socket('system.sock'), socket('podman.sock')] });
const find = (env: NodeJS.ProcessEnv = {}) => findEndpoint({ HOME: home, ...env }, places());

describe('endpoint', () => {
  it('takes DOCKER_HOST before a context and before the default socket', async () => {
    await engine(socket('system.sock'));
    await engine(socket('mine.sock'));
    writeContext('other', { Host: `unix://${socket('other.sock')}` });
    expect(await find({ DOCKER_HOST: `unix://${socket('mine.sock')}`, DOCKER_CONTEXT: 'other' })).toEqual({
      source: 'DOCKER_HOST',
      host: `unix://${socket('mine.sock')}`,
      socketPath: socket('mine.sock'),
      version: { engine: '99.1', api: '1.41', os: 'linux', arch: 'amd64', podman: false },
    });
  });

  it('never falls back from a dead DOCKER_HOST to a socket that answers', async () => {
    await engine(socket('system.sock'));
    const found = await find({ DOCKER_HOST: 'tcp://127.0.0.1:1' });
    expect(found).toMatchObject({ failure: 'PGDRILL_ENGINE_DEAD_HOST' });
    expect(found).toHaveProperty('what', expect.stringContaining('tcp://127.0.0.1:1'));
    expect(await find({ DOCKER_HOST: `unix://${socket('none.sock')}` })).toMatchObject({
      failure: 'PGDRILL_ENGINE_DEAD_HOST',
      what: expect.stringContaining('no such socket'),
    });
  });

  it('speaks plain HTTP to tcp:// and to a bare host:port', async () => {
    const address = await engine(0);
    const [hostname, port] = address.split(':');
    for (const host of [`tcp://${address}`, `http://${address}`, address]) {
      expect(await find({ DOCKER_HOST: host })).toMatchObject({ protocol: 'http', hostname, port: Number(port) });
    }
  });

  it('gives up after its deadline on a host that accepts and says nothing', async () => {
    const address = await engine(0, () => undefined);
    expect(await find({ DOCKER_HOST: `tcp://${address}` })).toMatchObject({
      failure: 'PGDRILL_ENGINE_DEAD_HOST',
      what: expect.stringContaining('did not answer within 3 s'),
    });
  });

  it('does not take another HTTP server for an engine', async () => {
    const server = http.createServer((_, response) => response.end('<html>'));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(socket('web.sock'), resolve));
    expect(await find({ DOCKER_HOST: `unix://${socket('web.sock')}` })).toMatchObject({
      failure: 'PGDRILL_ENGINE_DEAD_HOST',
      what: expect.stringContaining('not a Docker engine'),
    });
  });

  it.each(['ssh://user@host', 'npipe:////./pipe/docker_engine', 'unix://', 'tcp://:::'])('refuses %s', async (host) => {
    await engine(socket('system.sock'));
    expect(await find({ DOCKER_HOST: host })).toMatchObject({
      failure: 'PGDRILL_ENGINE_DEAD_HOST',
      what: expect.stringContaining('cannot be used'),
    });
  });

  it('follows DOCKER_CONTEXT before currentContext, and currentContext before the default socket', async () => {
    await engine(socket('system.sock'));
    await engine(socket('a.sock'));
    await engine(socket('b.sock'));
    writeContext('a', { Host: `unix://${socket('a.sock')}` });
    writeContext('b', { Host: `unix://${socket('b.sock')}` });
    fs.writeFileSync(path.join(home, '.docker/config.json'), JSON.stringify({ currentContext: 'a' }));
    expect(await find()).toMatchObject({ source: 'context a', socketPath: socket('a.sock') });
    expect(await find({ DOCKER_CONTEXT: 'b' })).toMatchObject({ source: 'context b', socketPath: socket('b.sock') });
    expect(await find({ DOCKER_CONTEXT: 'default' })).toMatchObject({ source: 'default socket' });
  });

  it('fails on a context that does not exist or is dead', async () => {
    await engine(socket('system.sock'));
    writeContext('dead', { Host: `unix://${socket('dead.sock')}` });
    expect(await find({ DOCKER_CONTEXT: 'typo' })).toMatchObject({
      failure: 'PGDRILL_ENGINE_DEAD_HOST',
      what: 'the docker context "typo" does not exist',
    });
    expect(await find({ DOCKER_CONTEXT: 'dead' })).toMatchObject({ failure: 'PGDRILL_ENGINE_DEAD_HOST' });
  });

  it('asks the default sockets in order: system, rootless, desktop, podman', async () => {
    const env = { XDG_RUNTIME_DIR: socket('run') };
    await engine(socket('podman.sock'), () => ({ ...version, Components: [{ Name: 'Podman Engine' }] }));
    expect(await find(env)).toMatchObject({ source: 'podman socket', version: { podman: true } });
    await engine(socket('run/podman/podman.sock'));
    expect(await find(env)).toMatchObject({ socketPath: socket('run/podman/podman.sock') });
    await engine(socket('.docker/run/docker.sock'));
    expect(await find(env)).toMatchObject({ source: 'desktop socket' });
    await engine(socket('run/docker.sock'));
    expect(await find(env)).toMatchObject({ source: 'rootless socket' });
    await engine(socket('system.sock'));
    expect(await find(env)).toMatchObject({ source: 'default socket', host: `unix://${socket('system.sock')}` });
  });

  it('tells a machine without an engine from one whose engine does not answer', async () => {
    expect(await find()).toMatchObject({ failure: 'PGDRILL_ENGINE_NONE', what: expect.stringContaining('exists') });
    await engine(socket('system.sock'));
    const [server] = servers.splice(0);
    // A killed daemon leaves its socket behind: take the file away from the server before it is closed.
    fs.renameSync(socket('system.sock'), socket('kept.sock'));
    await new Promise((resolve) => server?.close(resolve));
    fs.renameSync(socket('kept.sock'), socket('system.sock'));
    expect(await find()).toMatchObject({
      failure: 'PGDRILL_ENGINE_NONE',
      what: expect.stringContaining('is there, but the connection was refused'),
    });
  });

  it('says that the user has to be in the group docker when the socket may not be opened', async () => {
    await engine(socket('system.sock'));
    fs.chmodSync(socket('system.sock'), 0o000);
    fs.chmodSync(home, 0o755);
    // root may open anything
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65_534);
    try {
      expect(await find()).toMatchObject({
        failure: 'PGDRILL_ENGINE_PERMISSION',
        cure: expect.stringContaining('usermod -aG docker'),
      });
    } finally {
      if (root) process.seteuid?.(0);
    }
  });
});

describe('address', () => {
  it('uses TLS where it was asked for, with what certificates there are', () => {
    fs.writeFileSync(path.join(home, 'ca.pem'), 'CA');
    const chosen = { source: 'DOCKER_HOST', host: 'tcp://box', tls: true, certPath: home };
    expect(addressOf(chosen)).toEqual({
      protocol: 'https',
      hostname: 'box',
      port: 2376,
      tls: { rejectUnauthorized: true, ca: 'CA' },
    });
    expect(addressOf({ ...chosen, verify: false })).toMatchObject({ tls: { rejectUnauthorized: false } });
    expect(addressOf({ source: 'DOCKER_HOST', host: 'https://[::1]:99' })).toMatchObject({ hostname: '::1', port: 99 });
  });

  it('knows the default ports and keeps port 80', () => {
    expect(addressOf({ source: 'DOCKER_HOST', host: 'tcp://box' })).toMatchObject({ protocol: 'http', port: 2375 });
    expect(addressOf({ source: 'DOCKER_HOST', host: 'http://box:80' })).toMatchObject({ port: 80 });
  });

  it('gives other programs the environment of the same engine', () => {
    const found = { source: 'context a', host: 'tcp://box:2376', version: {} as never };
    expect(environmentOf({ ...found, tls: { rejectUnauthorized: true }, certPath: '/certs' })).toEqual({
      DOCKER_HOST: 'tcp://box:2376',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: '/certs',
    });
    expect(environmentOf({ ...found, host: 'unix:///x.sock' })).toEqual({ DOCKER_HOST: 'unix:///x.sock' });
  });
});
