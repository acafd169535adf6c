import { PgdrillError } from '../record/errors';

export interface TarFile {
  /** Path inside the archive, without a leading slash, at most 255 bytes. */
  name: string;
  content: string | Buffer;
  /** Permission bits, e.g. 0o600. */
  mode: number;
  uid?: number;
  gid?: number;
}

const block = 512;

/**
 * Packs files into a tar archive (POSIX.1-2001, ustar interchange format): what the engine takes as a build context
 * and to put files into a container. No times, so that equal files give equal bytes.
 * @throws PGDRILL_FILE_NAME for a name that ustar cannot hold
 */
export function packTar(files: TarFile[]): Buffer {
  const parts: Buffer[] = [];
  for (const file of files) {
    const content = Buffer.isBuffer(file.content) ? file.content : Buffer.from(file.content);
    parts.push(headerOf(file, content.length), content, Buffer.alloc((block - (content.length % block)) % block));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function headerOf(file: TarFile, size: number): Buffer {
  const header = Buffer.alloc(block);
  const [prefix, name] = splitName(file.name);
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  header.write(name, 0);
  octal(file.mode, 100, 8);
  octal(file.uid ?? 0, 108, 8);
  octal(file.gid ?? 0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  header.write('        ', 148, 'latin1');
  header.write('0', 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** ustar holds a name in two fields: 100 bytes after, 155 bytes before one of its slashes. */
function splitName(name: string): [string, string] {
  if (Buffer.byteLength(name) <= 100) return ['', name];
  for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)];
    if (Buffer.byteLength(rest) <= 100 && Buffer.byteLength(prefix) <= 155) return [prefix, rest];
  }
  throw new PgdrillError(
    'PGDRILL_FILE_NAME',
    `the file name ${name} is too long for a tar archive`,
    'use a shorter path',
  );
}

export interface TarEntry {
  /** '0' a file, '2' a symbolic link, '5' a folder (ustar's typeflag). */
  type: string;
  linkName: string;
  content: Buffer;
}

/**
 * The first entry of an archive that the engine has made. Extended headers (pax 'x' and 'g', GNU 'L' and 'K') are
 * passed over: for one named file they hold times and long names only.
 */
export function firstEntry(archive: Buffer): TarEntry | undefined {
  for (let at = 0; at + block <= archive.length;) {
    const header = archive.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) return undefined;
    const size = Number.parseInt(textOf(header, 124, 12).trim() || '0', 8);
    const type = String.fromCharCode(header[156] ?? 0).replace('\0', '0');
    const content = archive.subarray(at + block, at + block + size);
    if (!'xgLK'.includes(type)) return { type, linkName: textOf(header, 157, 100), content };
    at += block + Math.ceil(size / block) * block;
  }
  return undefined;
}

function textOf(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString();
}
