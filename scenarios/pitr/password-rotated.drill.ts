import {
  commitMark,
  defineDrill,
  deleteAllRows,
  demand,
  inOrder,
  isolatedNodePitr,
  atLsn,
  mark,
  replicationPassword,
  thai,
  type Recovery,
} from 'pgdrill';

const password = replicationPassword();
const pitr = isolatedNodePitr({ target: atLsn(mark('before the rotation')) });

const recovery: Recovery = {
  ...pitr,
  async recover(context) {
    const { run, cluster } = context;
    let symptom = '';
    const result = await pitr.recover({
      ...context,
      async checkThere(name) {
        const said = await context.checkThere(name);
        symptom = `${name}: ${await password.refusedBy(run, cluster.member(name))}`;
        const wanted = 'password authentication failed for user "replicator"';
        demand(symptom.includes(wanted), `${wanted}, on the recovered data`, symptom);
        return [...said, symptom];
      },
    });
    const { passwordsSet = [] } = result;
    demand(passwordsSet.includes('replicator'), 'the recovery says whose password it set', passwordsSet.join(', '));
    return { ...result, symptoms: [symptom] };
  },
};

export default defineDrill({
  id: 'password-rotated',
  title: 'the replication password rotated after the target comes back old: set anew before the node leads',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('before the rotation'), password.rotate, deleteAllRows('book.tickets')),
  recovery,
});
