import { LiveLines } from './live-view';
import { story } from './story';

function until(count: number, width = 80, drills = ['delete-without-where']) {
  const lines = new LiveLines({ drills }, false);
  const stay = story()
    .slice(0, count)
    .flatMap(({ atMs, event }) => lines.of('r1', event, atMs, width));
  return { lines, stay };
}

describe('live view', () => {
  it('keeps what is done and draws over what is going on', () => {
    const { lines, stay } = until(5);
    expect(stay).toEqual([
      'delete-without-where: DELETE without WHERE, undone by PITR',
      '  stack bookworm, dataset thai:tiny, seed 4711, run r1',
      '  ✓ images          images ready                                          0.0 s',
    ]);
    expect(lines.region(2030, 80, 24)).toEqual([
      '  ⠋ boot            etcd is healthy                                       2.0 s',
      '                    then load, recover, observe',
    ]);
  });

  it('shows the running step, and leaves nothing drawn over at the end', () => {
    expect(until(8).lines.region(8940, 80, 24)[0]).toMatch(/ recover {9}fence every member +1\.0 s$/);
    expect(until(12).lines.region(9400, 80, 24)).toEqual(['  ⠼ clean-up        …']);
    expect(until(13).lines.region(20_000, 80, 24)).toEqual([]);
  });

  it('never draws a line that the terminal would break, which would spoil the drawing over', () => {
    for (const width of [40, 80, 140]) {
      const { lines } = until(5, width);
      expect(Math.max(...lines.region(123_456, width, 24).map((line) => line.length))).toBeLessThan(width);
    }
  });

  it('draws no more lines than the terminal has', () => {
    expect(until(5).lines.region(2030, 80, 2)).toHaveLength(1);
  });

  it('shows what is wrong in full, whatever the width', () => {
    const { stay } = until(13, 40);
    expect(stay.join('\n')).toContain('PGDRILL_DEADLINE: "replay caught up" did not come about within 120.0 s');
  });

  it('has colours only when asked for', () => {
    const lines = new LiveLines({ drills: ['a'] }, true);
    const [head] = lines.of('r1', story()[0]!.event, 0, 80);
    expect(head).toContain('\u001b[1m');
    expect(until(13).stay.join('')).not.toContain('\u001b');
  });
});
