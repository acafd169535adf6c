import {
  archiveGap,
  beforeAccident,
  commitMark,
  defineDrill,
  deleteAllRows,
  demand,
  inOrder,
  isolatedNodePitr,
  pitrRequest,
  planPitr,
  refused,
  thai,
  type Recovery,
} from 'pgdrill';

const pitr = isolatedNodePitr({ target: beforeAccident() });

/** The refusal names the segment and tells the range in time; its own end, exclusive, can be planned. */
const recovery: Recovery = {
  ...pitr,
  async recover(context) {
    try {
      return await pitr.recover(context);
    } catch (error) {
      const { code, what, cure } = error as { code?: string; what?: string; cure?: string };
      if (code !== 'PGDRILL_WAL_GAP') throw error;
      const missing = context.incident.noted!['missing segment']!;
      demand(what!.includes(missing), `the missing segment ${missing} named`, what!);
      const time = /in time to (\S+ \S+), exclusive/.exec(cure!)?.[1];
      demand(time !== undefined, 'a range in time', cure!);
      const plan = await planPitr(
        context.run,
        context.cluster,
        pitrRequest({
          target: { kind: 'time', time: time!, inclusive: false },
          targetTimeline: context.incident.before.timeline,
          backup: context.backup.id,
        }),
      );
      demand(!plan.segments.includes(missing), `a plan to ${time} without ${missing}`, plan.segments.join(', '));
      throw error;
    }
  },
};

export default defineDrill({
  id: 'wal-gap',
  title:
    'a segment before the target is missing in the archive: refused with its name, and from when to when one can go',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('before the gap'), archiveGap(), deleteAllRows('book.tickets')),
  recovery,
  expect: refused('PGDRILL_WAL_GAP'),
});
