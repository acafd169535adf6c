import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..');
const skipped = new Set(['node_modules', '.git', 'dist', 'out']);

/** Files of the project whose name matches, as paths from its root. */
function filesNamed(name: RegExp, folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesNamed(name, full);
    return name.test(entry.name) ? [path.relative(root, full)] : [];
  });
}

const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8');
const lock = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, Record<string, unknown>> };

/**
 * Whether an image's name begins with a host: the part before the first slash has a dot or a colon, or is "localhost"
 * (distribution's reference grammar).
 */
function namesHost(image: string): boolean {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
}

/** Images that a Dockerfile begins from or copies from, build arguments' defaults among them. */
function imagesOf(dockerfile: string): string[] {
  return [...dockerfile.matchAll(/^(?:FROM (?:--\S+ )*|ARG \w*IMAGE\w*=|COPY (?:--(?!from)\S+ )*--from=)(\S+)/gim)].map(
    ([, image = '']) => image,
  );
}

describe('names of images', () => {
  const dockerfiles = filesNamed(/^(Dockerfile|.*\.Dockerfile)$/i);

  test('what is looked for › is found where it is', () => {
    expect(imagesOf('ARG BASE_IMAGE=a.example/b\nFROM --platform=x c\nCOPY --chown=1 --from=d:5000/e f g')).toEqual([
      'a.example/b',
      'c',
      'd:5000/e',
    ]);
    expect(['debian', 'debian:bookworm-slim', 'library/debian', '${BASE_IMAGE}'].some(namesHost)).toBe(false);
    expect(['a.example/debian', 'mirror:5000/debian', 'localhost/debian'].every(namesHost)).toBe(true);
  });

  test('every Dockerfile › begins from an image without a host', () => {
    expect(dockerfiles.length).toBeGreaterThanOrEqual(3);
    for (const file of dockerfiles) {
      const images = imagesOf(textOf(file));
      expect([file, images.length > 0]).toEqual([file, true]);
      expect([file, images.filter(namesHost)]).toEqual([file, []]);
    }
  });

  test('in a build › nothing is fetched by URL', () => {
    for (const file of dockerfiles) expect([file, /\w+:\/\//.exec(textOf(file))?.[0]]).toEqual([file, undefined]);
  });
});

describe('the lock file', () => {
  test('says nowhere where a package was fetched from', () => {
    const resolved = Object.entries(lock.packages).filter(([, entry]) => 'resolved' in entry);
    expect(resolved.map(([name]) => name)).toEqual([]);
    expect(textOf('package-lock.json')).not.toContain('"resolved"');
  });

  test('has a checksum of every package, so that any mirror will do', () => {
    const without = Object.entries(lock.packages).filter(
      ([name, entry]) => name !== '' && !entry.link && !entry.integrity,
    );
    expect(without.filter(([, entry]) => !entry.inBundle).map(([name]) => name)).toEqual([]);
  });

  test('URLs › only of those who ask for funds', () => {
    const elsewhere = Object.entries(lock.packages).flatMap(([name, { funding: _funding, ...entry }]) =>
      /\w+:\/\//.test(JSON.stringify(entry)) ? [name] : [],
    );
    expect(elsewhere).toEqual([]);
  });
});

describe('npm’s configuration', () => {
  test('no registry, no credential, in any .npmrc of the project; packages are locked without their hosts', () => {
    const files = filesNamed(/^\.npmrc$/);
    expect(files).toContain('.npmrc');
    for (const file of files) expect(textOf(file)).not.toMatch(/registry\s*=|_auth|_password|\/\//);
    expect(textOf('.npmrc')).toMatch(/^omit-lockfile-registry-resolved=true$/m);
  });

  test('package.json › names no registry and no dependency by URL', () => {
    const { publishConfig, dependencies, devDependencies } = JSON.parse(textOf('package.json')) as Record<
      string,
      object
    >;
    expect(publishConfig).toBeUndefined();
    for (const version of Object.values({ ...dependencies, ...devDependencies }))
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
