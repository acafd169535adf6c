import { generateKeyPairSync } from 'node:crypto';

export interface SshKey {
  /** PEM, as OpenSSH reads it. */
  private: string;
  /** `ecdsa-sha2-nistp256 AAAA…`, without a comment. */
  public: string;
}

/**
 * A new SSH key pair. ECDSA P-256, because OpenSSH reads the PEM form that Node writes for it (it does not for
 * Ed25519), and it is quick to make. Public form: RFC 5656, section 3.1.
 */
export function newSshKey(): SshKey {
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const { x, y } = pair.publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x ?? '', 'base64url'), Buffer.from(y ?? '', 'base64url')]);
  const blob = Buffer.concat([Buffer.from('ecdsa-sha2-nistp256'), Buffer.from('nistp256'), point].map(withLength));
  return {
    private: pair.privateKey.export({ format: 'pem', type: 'sec1' }).toString(),
    public: `ecdsa-sha2-nistp256 ${blob.toString('base64')}`,
  };
}

function withLength(part: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return Buffer.concat([length, part]);
}
