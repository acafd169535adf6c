import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'archived-segment-flipped',
  title: 'sabotage: a byte of an archived WAL segment is another',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster: { barman }, recovery }) {
    // Not the newest one: each segment comes twice, and the second copy of the newest may still be on its way.
    await barman.barman(['archive-wal', barman.server]);
    const timeline = (recovery.newTimeline! + 1).toString(16).toUpperCase().padStart(8, '0');
    const first = `ls -1 ${barman.home}/wals/*/* | grep -E '/${timeline}[0-9A-F]{16}$' | sort | head -n 1`;
    // The first record follows the segment's long page header of 40 bytes (xlog_internal.h, XLogLongPageHeaderData).
    const flip = `with open(sys.argv[1], 'r+b') as f: f.seek(60); b = f.read(1)[0]; f.seek(60); f.write(bytes([b ^ 1]))`;
    const { stdout } = await barman.exec([
      'bash',
      '-c',
      `segment=$(${first}); python3 -c "import sys\n${flip}" "$segment" && basename "$segment"`,
    ]);
    return `byte 60 of ${stdout.trim()} is another`;
  },
  expect: verdict('failed', { by: 'archive' }),
});
