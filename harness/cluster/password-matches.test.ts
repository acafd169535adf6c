import { passwordMatches } from './password-matches';
import { scramVerifier } from './scram-verifier';

describe('whether a password is the one that the server keeps', () => {
  test('SCRAM, with the salt and the iterations of what is kept', () => {
    const kept = scramVerifier('new-secret', Buffer.from('0123456789abcdef'), 1024);
    expect(passwordMatches(kept, 'replicator', 'new-secret')).toBe(true);
    expect(passwordMatches(kept, 'replicator', 'old-secret')).toBe(false);
  });

  test('md5, which has the role in it', () => {
    const kept = 'md53175bce1d3201d16594cebf9d7eb3f9d';
    expect(passwordMatches(kept, 'postgres', 'postgres')).toBe(true);
    expect(passwordMatches(kept, 'replicator', 'postgres')).toBe(false);
  });

  test('a role without one has no password that matches', () => {
    expect(passwordMatches(null, 'replicator', '')).toBe(false);
  });
});
