import {
  beforeAccident,
  defineDrill,
  deleteAllRows,
  isolatedNodePitr,
  recoverySteps,
  skipStep,
  switchover,
  thai,
  verdict,
  type StepAction,
} from 'pgdrill';

const copy = '/tmp/tickets.copy';

/** The rows put back by SQL, and a switchover, so that there is a timeline of the number that a recovery would have made. */
const putBack: StepAction = async ({ run, cluster, result }) => {
  const old = await cluster.leader();
  await old.query(`COPY book.tickets FROM '${copy}'`, [], 'thai');
  await switchover()({ run, cluster });
  const leader = await cluster.leader();
  result.newTimeline = await leader.writtenTimeline();
  result.branchLsn = /^\d+\t(\S+)/.exec(await leader.history(result.newTimeline))![1]!;
  result.leaderSince = result.rejoinedAt = new Date().toISOString();
  return `the rows are back, ${leader.name} leads on timeline ${result.newTimeline}`;
};
const leftOut = ['isolate', 'archive-tail', 'fence', 'restore', 'replay', 'check-there', 'stop-isolated', 'clear-dcs'];
const nothing = Object.fromEntries([...leftOut, 'rejoin', 'rearm', 'tidy'].map((id) => [id, skipStep]));

export default defineDrill({
  id: 'undone-by-hand',
  title: 'sabotage: the rows are put back by hand on the old history, and a recovery is claimed',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  async before({ cluster, database }) {
    const leader = await cluster.leader();
    await leader.query(`COPY book.tickets TO '${copy}'`, [], database);
    return 'a copy of the tickets';
  },
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({
    target: beforeAccident(),
    steps: { ...nothing, lead: putBack, 'fresh-backup': recoverySteps['fresh-backup']! },
  }),
  expect: verdict('failed', { by: ['acknowledged-writes', 'stop-point', 'timeline'] }),
});
