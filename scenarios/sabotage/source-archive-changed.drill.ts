import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

/** No recovery ever reads the byte, and pg_waldump finds nothing: only a comparison with what was there before tells. */
export default defineDrill({
  id: 'source-archive-changed',
  title: 'sabotage: the recovery changed a file of the archive that it was made from',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster: { barman }, recovery }) {
    // The backup ended with a switch of WAL, so the segment's last bytes are empty.
    const segment = recovery.plan?.segments[0] ?? '';
    const flip = `with open(sys.argv[1], 'r+b') as f: f.seek(-100, 2); b = f.read(1)[0]; f.seek(-100, 2); f.write(bytes([b ^ 1]))`;
    await barman.exec([
      'python3',
      '-c',
      `import sys\n${flip}`,
      `${barman.home}/wals/${segment.slice(0, 16)}/${segment}`,
    ]);
    return `a byte in the empty end of ${segment} is another`;
  },
  expect: verdict('failed', { by: 'archive' }),
});
