import {
  beforeAccident,
  defineDrill,
  deleteAllRows,
  demand,
  isolatedNodePitr,
  patchStoredConfig,
  thai,
  until,
  type DrillSpec,
  type Recovery,
} from 'pgdrill';

/** As for maintenance. While it lasts, a stop of Patroni leaves PostgreSQL running and taking writes. */
const pause: DrillSpec['before'] = async ({ run, cluster }) => {
  await patchStoredConfig(cluster, { pause: true });
  await until('configuration taken up', run, async () => {
    const all = await Promise.all(cluster.nodes.map((node) => node.patroni()));
    return all.every((status) => status?.paused === true);
  });
  return 'Patroni is paused on every member';
};

const forced = isolatedNodePitr({ target: beforeAccident(), force: ['PGDRILL_PAUSED'] });

/** Refused as it is; with the risk accepted, the recovery resumes Patroni itself. */
const recovery: Recovery = {
  ...forced,
  async recover(context) {
    const refusal = await isolatedNodePitr({ target: beforeAccident() })
      .recover(context)
      .then(
        () => 'not refused',
        (error: { code?: string }) => error.code,
      );
    demand(refusal === 'PGDRILL_PAUSED', 'refused with PGDRILL_PAUSED', refusal ?? 'an error of another kind');
    const result = await forced.recover(context);
    demand(
      result.plan!.steps.some((step) => step.id === 'unpause'),
      'a step that resumes Patroni',
      result.plan!.steps.map((step) => step.id).join(', '),
    );
    return result;
  },
};

export default defineDrill({
  id: 'pitr-while-paused',
  title: 'Patroni is paused: refused, and with the risk accepted resumed first, then recovered',
  labels: ['pitr'],
  dataset: thai('tiny'),
  before: pause,
  accident: deleteAllRows('book.tickets'),
  recovery,
});
