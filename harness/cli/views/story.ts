import type { EventBody, RunEvent } from '../../record/events';

/** A drill's events as a recorder wrote them, shortened, with the viewer's clock (ms) at which each arrived. */
export function story(): { atMs: number; event: RunEvent }[] {
  const told: [number, EventBody][] = [
    [
      0,
      {
        kind: 'run-started',
        format: 1,
        pgdrill: '0.1.0',
        node: 'v20.19.0',
        run: 'r1',
        session: 's1',
        drill: 'delete-without-where',
        title: 'DELETE without WHERE, undone by PITR',
        stack: 'bookworm',
        dataset: 'thai:tiny',
        seed: 4711,
        arguments: [],
        objectives: { lostWrites: 0 },
        phases: ['images', 'boot', 'load', 'recover', 'observe'],
      },
    ],
    [10, { kind: 'phase-started', phase: 'images', title: 'images ready' }],
    [20, { kind: 'phase-ended', phase: 'images', title: 'images ready', outcome: 'done', durationMs: 10 }],
    [30, { kind: 'phase-started', phase: 'boot', title: 'cluster booted' }],
    [500, { kind: 'note', text: 'etcd is healthy' }],
    [
      7930,
      {
        kind: 'phase-ended',
        phase: 'boot',
        title: 'cluster booted',
        outcome: 'done',
        durationMs: 7900,
        summary: '3 members streaming, leader db1',
      },
    ],
    [7940, { kind: 'phase-started', phase: 'recover', title: 'recovered' }],
    [7950, { kind: 'step-started', episode: 0, step: 'fence', title: 'fence every member' }],
    [
      9150,
      {
        kind: 'step-ended',
        episode: 0,
        step: 'fence',
        title: 'fence every member',
        outcome: 'done',
        durationMs: 1200,
        summary: 'every member refuses writes',
      },
    ],
    [9200, { kind: 'warning', text: 'a member\nwas slow' }],
    [9300, { kind: 'phase-ended', phase: 'recover', title: 'recovered', outcome: 'failed', durationMs: 1360 }],
    [
      9300,
      {
        kind: 'error',
        phase: 'recover',
        code: 'PGDRILL_DEADLINE',
        what: '"replay caught up" did not come about within 120.0 s',
        cure: 'look at the logs',
        interrupted: false,
      },
    ],
    [9400, { kind: 'run-ended', durationMs: 9400, leftovers: [] }],
  ];
  return told.map(([atMs, body], index) => ({
    atMs,
    event: { ...body, seq: index + 1, at: `2026-11-21T05:51:0${Math.floor(atMs / 1000)}.000000Z` } as RunEvent,
  }));
}
