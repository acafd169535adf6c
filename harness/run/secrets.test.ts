import { Secrets } from './secrets';

describe('secrets', () => {
  test('made › 144 random bits, fit for a connection string, another each time', () => {
    const secrets = new Secrets();
    const made = Array.from({ length: 50 }, (_, n) => secrets.make(`password ${n}`));
    expect(new Set(made).size).toBe(50);
    for (const secret of made) expect(secret).toMatch(/^[\w-]{24}$/);
  });

  test('in a text › replaced by their names, wherever and however often', () => {
    const secrets = new Secrets();
    const password = secrets.make('superuser password');
    expect(secrets.remember('ssh key', 'line one\nline two')).toBe('line one\nline two');
    expect(secrets.redact(`PASSWORD '${password}' … ${password}`)).toBe(
      `PASSWORD '<superuser password>' … <superuser password>`,
    );
    expect(secrets.redact('key: line one\nline two.')).toBe('key: <ssh key>.');
    expect(secrets.redact('nothing to hide')).toBe('nothing to hide');
  });

  test('one within another › nothing of the longer is left, whichever was known first', () => {
    for (const order of [
      ['hunter2', 'hunter2-and-more'],
      ['hunter2-and-more', 'hunter2'],
    ]) {
      const secrets = new Secrets();
      for (const value of order) secrets.remember(`secret of ${value.length}`, value);
      expect(secrets.redact('a hunter2-and-more b hunter2')).toBe('a <secret of 16> b <secret of 7>');
    }
  });

  test('a name with signs that String.replace reads › stands as it is', () => {
    const secrets = new Secrets();
    secrets.remember('pa$&d', 'abcdefgh');
    expect(secrets.redact('x abcdefgh y')).toBe('x <pa$&d> y');
  });

  test('too short to be a secret › left alone: it would blot out half of every text', () => {
    const secrets = new Secrets();
    secrets.remember('short', 'abcde');
    expect(secrets.redact('abcde')).toBe('abcde');
  });

  test('in values › at every depth, the rest as it was, the original untouched', () => {
    const secrets = new Secrets();
    const password = secrets.make('password');
    const value = {
      text: `is ${password}`,
      list: ['a', [password, { deep: password }]],
      number: 7,
      yes: true,
      nothing: null,
      absent: undefined,
    };
    const copy = structuredClone(value);
    expect(secrets.redactValue(value)).toEqual({
      text: 'is <password>',
      list: ['a', ['<password>', { deep: '<password>' }]],
      number: 7,
      yes: true,
      nothing: null,
      absent: undefined,
    });
    expect(value).toEqual(copy);
    expect(JSON.stringify(secrets.redactValue(value))).not.toContain(password);
  });
});
