import {
  commitMark,
  defineDrill,
  deleteAllRows,
  demand,
  inOrder,
  isolatedNodePitr,
  mark,
  atXid,
  atLsn,
  thai,
  type Look,
  type LookDecision,
  type Recovery,
} from 'pgdrill';

/**
 * Too early at first: the mark `kept` is not in yet. Backwards is refused; forward to just before the accident, it is
 * looked at once more, and promoted.
 */
const recovery: Recovery['recover'] = async (context) => {
  const { incident } = context;
  const first = atXid(mark('early'))(incident);
  const behind = atLsn(mark('earliest'))(incident);
  const wanted = atXid(mark('accident'), { inclusive: false })(incident);
  const looks: Look[] = [];
  const decide = (look: Look): Promise<LookDecision> => {
    looks.push(look);
    if (looks.length === 1) return Promise.resolve({ forward: behind });
    return Promise.resolve(looks.length === 2 ? { forward: wanted } : 'promote');
  };
  const result = await isolatedNodePitr({ target: () => first, pause: true, decide }).recover(context);
  const [there, refused, last] = looks;
  demand(looks.length === 3, 'looked at three times', `${looks.length}`);
  demand(
    there?.refused === undefined && there?.stop.some((line) => line.includes('pausing')) === true,
    'paused at the first target',
    there?.stop.join(' | ') ?? '',
  );
  demand(
    refused?.refused?.code === 'PGDRILL_TARGET_BACKWARDS',
    'backwards is refused',
    refused?.refused?.message ?? 'no refusal',
  );
  demand(last?.refused === undefined && last?.lsn !== there?.lsn, 'went forward', last?.lsn ?? '');
  return result;
};

export default defineDrill({
  id: 'look-before-promote',
  title: 'paused at the target and looked at; backwards refused, moved forward, looked at again, then promoted',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('earliest'), commitMark('early'), commitMark('accident'), deleteAllRows('book.tickets')),
  recovery,
});
