import { clockSkew, defineDrill, demand, heal, mend, until, type Cure } from 'pgdrill';

const SECONDS = 3600;

/** How it is noticed: by the replica's own clock, what it replays will be committed in an hour. */
const negativeLag: Cure = {
  id: 'negative-lag',
  title: 'look at the lag of a replica',
  async does({ run, cluster, incident, symptoms }) {
    const replica = cluster.others(incident.member)[0]!;
    const lagOf = async () =>
      Number(await replica.value('SELECT extract(epoch FROM now() - pg_last_xact_replay_timestamp())'));
    const lag = await until('symptom shown', run, async () => {
      const found = Math.round(await lagOf());
      return found < 0 ? found : undefined;
    });
    demand(Math.abs(lag + SECONDS) < 60, `a lag of ${-SECONDS} s`, `${lag} s`);
    symptoms.push(`${replica.name}: now() - pg_last_xact_replay_timestamp() = ${lag} s`);
    return `${replica.name} replays what is committed in ${-lag} s`;
  },
};

export default defineDrill({
  id: 'clock-skew',
  title: "the leader's clock an hour ahead: noticed by a negative lag, set right, no write lost",
  labels: ['failover'],
  accident: clockSkew({ on: 'leader', seconds: SECONDS }),
  recovery: heal({ title: 'clock set right, PostgreSQL restarted', cures: [negativeLag, mend()], promotions: [0, 1] }),
});
