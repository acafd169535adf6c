import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { contentHash, proxyArguments, proxyIsLocal, readContext } from './build-context';

describe('build context', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-context-'));
    mkdirSync(path.join(folder, 'sub'));
    writeFileSync(path.join(folder, 'b'), 'B');
    writeFileSync(path.join(folder, 'sub/a'), 'A');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const hash = (more: Record<string, string> = {}, base = 'sha256:1') => contentHash(readContext(folder), more, base);

  test('has every file, in the order of names', () => {
    expect(readContext(folder).map(({ name }) => name)).toEqual(['b', 'sub/a']);
    expect(() => readContext(path.join(folder, 'none'))).toThrow('PGDRILL_IMAGE_CONTEXT');
  });

  test('the hash changes with bytes, names, the executable bit, arguments and base, and with nothing else', () => {
    const first = hash();
    chmodSync(path.join(folder, 'b'), 0o664);
    expect(hash()).toBe(first);
    const seen = new Set([first, hash({ PG_MAJOR: '15' }), hash({ PG_MAJOR: '17' }), hash({}, 'sha256:2')]);
    chmodSync(path.join(folder, 'b'), 0o755);
    seen.add(hash());
    writeFileSync(path.join(folder, 'b'), 'C');
    seen.add(hash());
    writeFileSync(path.join(folder, 'c'), '');
    seen.add(hash());
    expect(seen.size).toBe(7);
    expect(hash({ A: '1', B: '2' })).toBe(hash({ B: '2', A: '1' }));
  });

  test('proxies are taken in both cases of letters', () => {
    const found = proxyArguments({ HTTP_PROXY: 'http://proxy:3128', no_proxy: 'localhost', PATH: '/bin' });
    expect(found).toEqual({
      http_proxy: 'http://proxy:3128',
      HTTP_PROXY: 'http://proxy:3128',
      no_proxy: 'localhost',
      NO_PROXY: 'localhost',
    });
  });

  test.each([
    ['http://127.0.0.1:3128', true],
    ['http://user:word@localhost:3128/', true],
    ['[::1]:3128', true],
    ['http://proxy.example:3128', false],
    ['http://localhost.example:3128', false],
  ])('a proxy on loopback is noticed: %s', (proxy, local) => {
    expect(proxyIsLocal({ http_proxy: proxy })).toBe(local);
    expect(proxyIsLocal({ no_proxy: proxy })).toBe(false);
  });
});
