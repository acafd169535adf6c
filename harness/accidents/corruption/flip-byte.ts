import type { BarmanServer } from '../../cluster/barman-server';

/** One byte of a file on Barman's disk. */
export async function readByte(barman: BarmanServer, file: string, offset: number): Promise<number> {
  const { stdout } = await barman.exec(['od', '-An', '-tu1', '-j', String(offset), '-N', '1', file]);
  return Number(stdout.trim());
}

/** Writes one byte of a file in place, and through to the disk. Owner and times of the file are not looked at. */
export async function flipByte(barman: BarmanServer, file: string, offset: number, byte: number): Promise<void> {
  const octal = `\\${byte.toString(8).padStart(3, '0')}`;
  const dd = `printf "$1" | dd of="$2" bs=1 seek="$3" conv=notrunc,fsync status=none`;
  await barman.exec(['sh', '-c', dd, 'sh', octal, file, String(offset)]);
}
