import {
  beforeAccident,
  defineDrill,
  deleteAllRows,
  isolatedNodePitr,
  skipStep,
  thai,
  verdict,
  type StepAction,
} from 'pgdrill';

/** Every member started on the data that it has: one that carries the accident has the most WAL, and wins. */
const startAll: StepAction = async ({ cluster, result }) => {
  result.leadStartedAt = new Date().toISOString();
  await Promise.all(cluster.nodes.map((node) => node.startPatroni()));
  const leader = await cluster.leader();
  result.leaderSince = new Date().toISOString();
  return `${leader.name} leads on timeline ${await leader.writtenTimeline()}`;
};

/** The recovered member cannot follow; copied anew, it no longer stands out, and `patronictl list` is healthy. */
const copyTheRecovered: StepAction = async ({ cluster, node, result }) => {
  await node.stopPatroni();
  await node.exec(['rm', '-rf', node.dataDir]);
  await node.startPatroni();
  const leader = await cluster.awaitStreaming('members rejoined');
  result.rejoinedAt = new Date().toISOString();
  return `every member streams from ${leader.name}`;
};

export default defineDrill({
  id: 'dcs-not-cleared',
  title: 'sabotage: etcd is not cleared, and the history with the accident wins under the same timeline number',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({
    target: beforeAccident(),
    steps: {
      'clear-dcs': skipStep,
      lead: startAll,
      rejoin: copyTheRecovered,
      rearm: skipStep,
      'fresh-backup': skipStep,
    },
  }),
  expect: verdict('failed', { by: ['acknowledged-writes', 'stop-point', 'content', 'timeline', 'archive'] }),
});
