import { execFileSync } from 'node:child_process';
import { firstEntry, packTar } from './tar';

const tar = (args: string[], input: Buffer) => execFileSync('tar', args, { input });

describe('tar', () => {
  test('what it packs, tar unpacks: names, modes, owners, bytes', () => {
    const long = `${'folder/'.repeat(20)}file`;
    const archive = packTar([
      { name: 'etc/secret', content: 's3cret', mode: 0o600, uid: 500, gid: 501 },
      { name: 'empty', content: '', mode: 0o644 },
      { name: 'block', content: Buffer.alloc(512, 7), mode: 0o755 },
      { name: long, content: 'grüße', mode: 0o644 },
    ]);
    const listing = tar(['-tv', '--numeric-owner'], archive).toString();
    expect(listing).toMatch(/^-rw------- 500\/501 +6 .* etc\/secret$/m);
    expect(listing).toMatch(/^-rwxr-xr-x 0\/0 +512 .* block$/m);
    expect(tar(['-xO', long], archive).toString()).toBe('grüße');
    expect(tar(['-xO', 'block'], archive)).toEqual(Buffer.alloc(512, 7));
  });

  test('equal files give equal bytes', () => {
    const files = [{ name: 'a', content: 'b', mode: 0o644 }];
    expect(packTar(files)).toEqual(packTar(files));
  });

  test('a name that does not fit is refused', () => {
    expect(() => packTar([{ name: 'x'.repeat(101), content: '', mode: 0o644 }])).toThrow('PGDRILL_FILE_NAME');
  });

  test('the first entry is found behind extended headers', () => {
    const archive = execFileSync('tar', [
      '-c',
      '--format=pax',
      '--pax-option=comment=x',
      '-C',
      '/etc',
      'debian_version',
    ]);
    expect(firstEntry(archive)).toMatchObject({ type: '0', content: execFileSync('cat', ['/etc/debian_version']) });
    expect(firstEntry(Buffer.alloc(1024))).toBeUndefined();
  });
});
