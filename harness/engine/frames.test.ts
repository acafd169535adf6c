import { Readable } from 'node:stream';
import { readFrames } from './frames';

const frame = (source: 1 | 2, text: string) => {
  const header = Buffer.alloc(8);
  header[0] = source;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
};

describe('frames', () => {
  const whole = Buffer.concat([frame(1, 'one'), frame(2, 'error'), frame(1, ''), frame(1, 'three')]);

  test.each([1, 2, 3, 7, 8, 9, 100])('are parted however the bytes arrive: %i at a time', async (size) => {
    const pieces: Buffer[] = [];
    for (let at = 0; at < whole.length; at += size) pieces.push(whole.subarray(at, at + size));
    const heard = { stdout: '', stderr: '' };
    for await (const { source, data } of readFrames(Readable.from(pieces))) heard[source] += data.toString();
    expect(heard).toEqual({ stdout: 'onethree', stderr: 'error' });
  });
});
