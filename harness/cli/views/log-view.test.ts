import { LogLines } from './log-view';
import { story } from './story';

/** Plays the story, with a tick every half second between the events, as the view's timer does. */
function played(options: { drills: string[]; verbose?: boolean }): string[] {
  const lines = new LogLines(options);
  const out: string[] = [];
  let clock = 0;
  for (const { atMs, event } of story()) {
    for (; clock < atMs; clock += 500) out.push(...lines.tick(clock, 'tick-tim'));
    out.push(...lines.of('r1', event, atMs));
  }
  return out.map((line) => line.replace(/^\d\d:\d\d:\d\d/, 'hh:mm:ss'));
}

describe('log view', () => {
  it('shows one line a phase as it ends, steps under it, and signs of life of what takes long', () => {
    expect(played({ drills: ['delete-without-where'] })).toEqual([
      'hh:mm:ss drill           delete-without-where: DELETE without WHERE, undone by PITR',
      'hh:mm:ss                 stack bookworm, dataset thai:tiny, seed 4711, run r1',
      'hh:mm:ss images          images ready                                                                    0.0 s',
      'tick-tim boot            … etcd is healthy',
      'hh:mm:ss boot            3 members streaming, leader db1                                                 7.9 s',
      'hh:mm:ss recover         …',
      'hh:mm:ss   fence         every member refuses writes                                                     1.2 s',
      'hh:mm:ss ? warning       a member; was slow',
      'hh:mm:ss ✗ recover       failed                                                                          1.4 s',
      'hh:mm:ss ✗ recover       PGDRILL_DEADLINE: "replay caught up" did not come about within 120.0 s',
      'hh:mm:ss                 what to do: look at the logs',
    ]);
  });

  it('shows notes only when asked for', () => {
    expect(played({ drills: ['a'] }).join('\n')).not.toContain('hh:mm:ss                 etcd is healthy');
    expect(played({ drills: ['a'], verbose: true })).toContain('hh:mm:ss                 etcd is healthy');
  });

  it('names the drill on every line when there are several', () => {
    const lines = played({ drills: ['delete-without-where', 'other'] });
    expect(lines[4]).toMatch(/^hh:mm:ss delete-without-where boot {12}3 members streaming/);
  });

  it('says every half minute that a phase goes on', () => {
    const lines = new LogLines({ drills: ['a'] });
    for (const { atMs, event } of story().slice(0, 5)) lines.of('r1', event, atMs);
    const said: string[] = [];
    for (let now = 500; now <= 70_000; now += 500) said.push(...lines.tick(now, 'tick-tim'));
    expect(said).toEqual([
      'tick-tim boot            … etcd is healthy',
      'tick-tim boot            … still at it after 32 s: etcd is healthy',
      'tick-tim boot            … still at it after 62 s: etcd is healthy',
    ]);
  });
});
