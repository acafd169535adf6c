import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { newSshKey } from './ssh-key';

/** Reads the fields of an SSH public key: each with its length before it (RFC 4251, section 5, "string"). */
function fieldsOf(blob: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at < blob.length;) {
    const length = blob.readUInt32BE(at);
    const field = blob.subarray(at + 4, at + 4 + length);
    if (field.length !== length) throw new Error('a field is cut');
    fields.push(field);
    at += 4 + length;
  }
  return fields;
}

/** The key that an OpenSSH public line tells of, read without anything of the code under test. */
function publicKeyOf(line: string) {
  const [type, blob = '', ...more] = line.split(' ');
  expect([type, more]).toEqual(['ecdsa-sha2-nistp256', []]);
  const [name, curve, point] = fieldsOf(Buffer.from(blob, 'base64'));
  expect([name?.toString(), curve?.toString(), point?.length, point?.[0]]).toEqual([type, 'nistp256', 65, 4]);
  const x = point?.subarray(1, 33).toString('base64url') ?? '';
  const y = point?.subarray(33).toString('base64url') ?? '';
  return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } });
}

describe('SSH key', () => {
  test('the public line is the private key’s other half', () => {
    // Many, because a coordinate with leading zeros is rare: it must keep its 32 bytes.
    for (let n = 0; n < 300; n += 1) {
      const key = newSshKey();
      const own = createPublicKey(key.private).export({ format: 'jwk' });
      expect(publicKeyOf(key.public).export({ format: 'jwk' })).toEqual(own);
    }
  });

  test('what the private half signs, the public line verifies, and another’s does not', () => {
    const key = newSshKey();
    const data = Buffer.from('challenge');
    const signature = sign('sha256', data, key.private);
    expect(verify('sha256', data, publicKeyOf(key.public), signature)).toBe(true);
    expect(verify('sha256', data, publicKeyOf(newSshKey().public), signature)).toBe(false);
  });

  test('the private half › in the PEM form that OpenSSH reads, unencrypted', () => {
    const { private: pem } = newSshKey();
    expect(pem).toMatch(/^-----BEGIN EC PRIVATE KEY-----\n[\w+/=\n]+-----END EC PRIVATE KEY-----\n$/);
    expect(createPrivateKey(pem).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  });

  test('another each time', () => {
    expect(newSshKey().public).not.toBe(newSshKey().public);
  });
});
