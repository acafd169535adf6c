import { beforeAccident, defineDrill, deleteAllRows, demand, isolatedNodePitr, thai } from 'pgdrill';

const pitr = isolatedNodePitr({ target: beforeAccident(), rejoin: 'rewind' });

export default defineDrill({
  id: 'rejoin-by-rewind',
  title: 'the other members, which carry the accident, are rewound instead of copied',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  async recovery(context) {
    const result = await pitr.recover(context);
    const said = (result.rejoined ?? []).map(({ member, by, reason }) => `${member} by ${by}: ${reason}`).join('; ');
    const rewound = (result.rejoined ?? []).filter(
      ({ by, reason }) => by === 'rewind' && reason.includes('servers diverged'),
    );
    demand(rewound.length === 2, 'pg_rewind found that both had gone another way, and brought them back', said);
    return result;
  },
});
