import { generateKeyPairSync } from 'node:crypto';
import { secretForms } from './secret-forms';
import { Secrets } from './secrets';

const value = 'p4ss/w0rd+with"odd\'signs';
const newKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ format: 'pem', type: 'sec1' }).toString();
const secrets = () => {
  const made = new Secrets();
  made.remember('odd password', value);
  made.remember('ssh key', newKey());
  return made;
};
const found = (text: string) => secrets().search().feed(text).found();

describe('search for secrets', () => {
  test.each<[string, string]>([
    ['as it is', `PASSWORD ${value};`],
    ['in JSON', JSON.stringify({ password: value })],
    ['in SQL quotes', `PASSWORD '${value.replaceAll("'", "''")}'`],
    ['URL-encoded', `postgresql://postgres:${encodeURIComponent(value)}@db1/`],
    ['in hexadecimal digits', `\\x${Buffer.from(value).toString('hex')}`],
    ...['', 'a', 'ab', 'abc', 'postgres:'].flatMap((before): [string, string][] =>
      ['', 'z', 'zz', '@db1'].map((after) => [
        `in Base64 between "${before}" and "${after}"`,
        `Basic ${Buffer.from(before + value + after).toString('base64')}`,
      ]),
    ),
    ['in the URL’s Base64', Buffer.from(`x${value}`).toString('base64url')],
  ])('%s › found', (_name, text) => {
    expect(found(`first line\nsecond\n${text}\nlast`)).toEqual([{ secret: 'odd password', line: 3 }]);
    expect(secrets().redact(text)).toContain('<odd password>');
  });

  test('nothing of it › not found', () => {
    expect(found('a log\nof many lines, with passwords of others: pa55word\n'.repeat(1000))).toEqual([]);
    expect(found('')).toEqual([]);
  });

  test('a key › found by each line of it, never by its frame', () => {
    const made = new Secrets();
    const key = made.remember('ssh key', newKey());
    const lines = key.trim().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) {
      const hits = made.search().feed(`copied: ${line}`).found();
      expect(hits).toEqual(line.startsWith('-----') ? [] : [{ secret: 'ssh key', line: 1 }]);
    }
    expect(made.search().feed(JSON.stringify({ key })).found()).toHaveLength(1);
  });

  test('piece by piece › found across every border, with the right line', () => {
    const text = Buffer.from(`${'line\n'.repeat(40)}PASSWORD ${value}\nlast\n`);
    for (let size = 1; size <= 40; size += 1) {
      const search = secrets().search();
      for (let at = 0; at < text.length; at += size) search.feed(text.subarray(at, at + size));
      expect(search.found()).toEqual([{ secret: 'odd password', line: 41 }]);
    }
  });

  test('what is kept › names and numbers, never a value', () => {
    const search = secrets().search().feed(`x ${value}`);
    expect(JSON.stringify(search.found())).not.toContain(value);
  });

  test('short secrets › no encoded form, which would be found by chance', () => {
    expect(secretForms('abcdef')).toEqual(['abcdef']);
  });
});
