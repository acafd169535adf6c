import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '../..');
const sources = ['bin', 'harness', 'fixtures', 'reports', 'scenarios'];

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) return full === path.join(root, 'reports/out') ? [] : filesBelow(full);
    return /\.([cm]?js|ts)$/.test(entry.name) && !entry.name.endsWith('.test.ts') ? [full] : [];
  });
}

const text = sources
  .flatMap((folder) => filesBelow(path.join(root, folder)))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

/** First column of the tables under a heading of docs/errors.md. */
function listed(under: (heading: string) => boolean): string[] {
  const page = readFileSync(path.join(root, 'docs/errors.md'), 'utf8');
  return page
    .split(/^## /m)
    .slice(1)
    .filter((section) => under(section.split('\n')[0] ?? ''))
    .flatMap((section) => [...section.matchAll(/^\| `(PGDRILL_[A-Z_]+)` \|/gm)].map((row) => row[1] ?? ''));
}

const isEnvironment = (heading: string): boolean => heading === 'Environment variables';
const codes = listed((heading) => !isEnvironment(heading));
const variables = listed(isEnvironment);
/** A code stands in quotes where it is thrown; in comments it does not. */
const quoted = new Set([...text.matchAll(/['"`](PGDRILL_[A-Z_]+)['"`]/g)].map((match) => match[1] ?? ''));
const read = new Set([...text.matchAll(/env\.(PGDRILL_[A-Z_]+)/g)].map((match) => match[1] ?? ''));

describe('docs/errors.md', () => {
  test('codes › every one of the sources is explained', () => {
    expect([...quoted].filter((code) => !codes.includes(code) && !variables.includes(code)).sort()).toEqual([]);
  });

  test('codes › every one explained is in the sources, and stands there once', () => {
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.filter((code) => !quoted.has(code))).toEqual([]);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  test('environment variables › those that are read, and no other', () => {
    expect([...variables].sort()).toEqual([...read].sort());
  });
});
