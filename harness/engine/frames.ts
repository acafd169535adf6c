export interface Frame {
  source: 'stdout' | 'stderr';
  data: Buffer;
}

/**
 * Parts the one stream of an exec or of logs into stdout and stderr (Docker Engine API, "Stream format": a header of
 * eight bytes, its first the source, its last four the length). Pieces are given on as they come, so a frame need not
 * fit in memory, and nothing is read faster than it is taken.
 */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let header = Buffer.alloc(0);
  let left = 0;
  let source: Frame['source'] = 'stdout';
  for await (const chunk of stream) {
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const wanted = 8 - header.length;
        header = Buffer.concat([header, chunk.subarray(at, at + wanted)]);
        at += wanted;
        if (header.length < 8) break;
        source = header[0] === 2 ? 'stderr' : 'stdout';
        left = header.readUInt32BE(4);
        header = Buffer.alloc(0);
      } else {
        const data = chunk.subarray(at, at + left);
        at += data.length;
        left -= data.length;
        yield { source, data };
      }
    }
  }
}
