import { createHash, createHmac } from 'node:crypto';
import { scramVerifier } from './scram-verifier';

/** The exchange that RFC 7677, section 3, gives as its example: user "user", password "pencil". */
const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
const salt = 'W22ZaJ0SNY7soEsUEjb6gQ==';
const exchange = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=${salt},i=4096,c=biws,r=${nonce}`;
const proof = Buffer.from('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=', 'base64');

describe('SCRAM verifier', () => {
  const [, keys = ''] = scramVerifier('pencil', Buffer.from(salt, 'base64')).split(`SCRAM-SHA-256$4096:${salt}$`);
  const [storedKey = '', serverKey = ''] = keys.split(':').map((key) => Buffer.from(key, 'base64'));
  const signed = (key: Buffer | string) => createHmac('sha256', key).update(exchange).digest();

  test('keys › those by which the example of RFC 7677 is answered', () => {
    expect(signed(serverKey).toString('base64')).toBe('6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
    const signature = signed(storedKey);
    const clientKey = Buffer.from(proof.map((byte, at) => byte ^ signature[at]!));
    expect(createHash('sha256').update(clientKey).digest('hex')).toBe(storedKey.toString('hex'));
  });

  test('salt › another each time; the password is nowhere', () => {
    const [one, other] = [scramVerifier('p4ssw0rd'), scramVerifier('p4ssw0rd')];
    expect(one).toMatch(/^SCRAM-SHA-256\$4096:[\w+/]{22}==\$[\w+/]{43}=:[\w+/]{43}=$/);
    expect(one).not.toBe(other);
    expect(one).not.toContain('p4ssw0rd');
  });
});
