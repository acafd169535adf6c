import {
  beforeAccident,
  commitMark,
  defineDrill,
  deleteAllRows,
  demand,
  inOrder,
  isolatedNodePitr,
  pitrRequest,
  planPitr,
  setClockBehind,
  setClockRight,
  switchover,
  thai,
  until,
  type Cluster,
  type Recovery,
  type Run,
} from 'pgdrill';

/** More than a switchover takes on a slow machine, so that commits behind it bear earlier times than those before it. */
const BEHIND_SECONDS = 40;

async function switchToLateClock({ run, cluster }: { run: Run; cluster: Cluster }): Promise<string> {
  const leader = await cluster.leader();
  const late = cluster.others(leader.name)[0]!;
  const began = await leader.value('SELECT clock_timestamp()::text');
  await setClockBehind(run, cluster, late, BEHIND_SECONDS);
  // By its clock, too, the backup is over: a target before its end would be refused for that reason.
  await until('clock passed', run, async () => {
    return (await late.value(`SELECT clock_timestamp() > '${began}'::timestamptz`)) === 'true';
  });
  return `${await switchover({ to: late.name })({ run, cluster })}, whose clock is ${BEHIND_SECONDS} s behind`;
}

/** A time would stop on the timeline before: the plan refuses it and says that an LSN can be given. */
const recovery: Recovery = {
  name: 'by-lsn-as-no-time-will-do',
  title: 'PITR by LSN, as the clock went back across the switchover',
  async recover(context) {
    const { run, cluster, incident, backup } = context;
    const byTime = pitrRequest({
      target: beforeAccident()(incident),
      targetTimeline: incident.before.timeline,
      backup: backup.id,
    });
    const said = await planPitr(run, cluster, byTime).then(
      () => 'the time is planned for',
      (error: Error) => `${error.message} ${(error as { cure?: string }).cure ?? ''}`,
    );
    const refused = /PGDRILL_TARGET_OFF_TIMELINE.*an LSN from/.test(said);
    demand(refused, 'a time is refused, as it would stop on the timeline before, and an LSN is offered', said);
    const pitr = isolatedNodePitr({ target: beforeAccident({ by: 'lsn' }) });
    const late = cluster.member(incident.member);
    const result = await pitr.recover({
      ...context,
      async checkThere(name) {
        // Fenced by now: it comes back with the right time.
        await setClockRight(late);
        return context.checkThere(name);
      },
    });
    return { ...result, symptoms: [said] };
  },
};

export default defineDrill({
  id: 'clock-went-backwards',
  title: 'switched over to a member whose clock is behind: no time names the target, its LSN does',
  labels: ['pitr'],
  dataset: thai('tiny'),
  before: switchToLateClock,
  accident: inOrder(commitMark('kept'), deleteAllRows('book.tickets')),
  recovery,
});
