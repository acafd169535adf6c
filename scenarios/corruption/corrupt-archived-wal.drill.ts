import {
  archivedWal,
  atXid,
  commitMark,
  defineDrill,
  deleteAllRows,
  demand,
  isolatedNodePitr,
  mark,
  sequence,
  thai,
  type Recovery,
} from 'pgdrill';

const pitr = isolatedNodePitr({ target: atXid(mark('behind the damage')) });

/** `latest` would open the server with the tail missing, and say nothing; any other target ends before it is reached. */
const recovery: Recovery = {
  ...pitr,
  async recover(context) {
    const { incident } = context;
    const segment = incident.noted!.segment!;
    const refusal = await pitr.recover(context).then(
      () => 'recovered',
      ({ code, what }: { code?: string; what?: string }) => `${code}: ${what}`,
    );
    demand(refusal.startsWith('PGDRILL_WAL_DAMAGED') && refusal.includes(segment), `${segment} refused`, refusal);
    demand(/incorrect resource manager data checksum in record/.test(refusal), "pg_waldump's words", refusal);
    const leader = await context.cluster.leader();
    demand((await leader.inRecovery()) === false, 'the cluster as it was', `${leader.name} is in recovery`);
    await context.mend?.();
    return { ...(await pitr.recover(context)), symptoms: [refusal] };
  },
};

export default defineDrill({
  id: 'corrupt-archived-wal',
  title:
    'a byte of an archived segment before the target is another: refused before anything is stopped; put back, recovered',
  labels: ['corruption'],
  dataset: thai('tiny'),
  accident: sequence(
    commitMark('before the damage'),
    archivedWal({ how: 'flipped' }),
    commitMark('behind the damage'),
    deleteAllRows('book.tickets'),
  ),
  recovery,
});
