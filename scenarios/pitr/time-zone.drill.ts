import {
  atTime,
  defineDrill,
  deleteAllRows,
  demand,
  dynamicConfig,
  isolatedNodePitr,
  parseTargetText,
  thai,
  type Recovery,
} from 'pgdrill';

/**
 * One moment, written as people in Bangkok do: with the distance, in UTC, and with no zone at all, which is the source
 * cluster's own. Seven hours of misreading would be refused, or stop where nothing was lost yet.
 */
const recovery: Recovery = {
  name: 'written-in-bangkok',
  title: 'PITR to a time that is written with +07:00, while the cluster’s own zone is Asia/Bangkok',
  async recover(context) {
    const { cluster, incident } = context;
    const leader = await cluster.leader();
    const clock = (zone: string) =>
      leader.value(
        `SELECT to_char('${incident.before.time}'::timestamptz AT TIME ZONE ${zone}, 'YYYY-MM-DD HH24:MI:SS.US')`,
      );
    // In the zone that the server itself has, whatever this machine's is.
    const local = await clock("current_setting('TimeZone')");
    const written = [`${local}+07:00`, `${(await clock("'UTC'")).replace(' ', 'T')}Z`, local];
    const moments = await Promise.all(
      written.map(async (text) => {
        const read = parseTargetText(text);
        if (read.kind !== 'time') return `no time: ${text}`;
        const zone = read.zone === undefined ? '' : 'offset' in read.zone ? read.zone.offset : ` ${read.zone.name}`;
        return leader.value(
          `SELECT to_char('${read.clock}${zone}'::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'`,
        );
      }),
    );
    const same = moments.every((moment) => moment === incident.before.time);
    demand(same, `${written.join(' = ')} = ${incident.before.time}`, moments.join(', '));
    return isolatedNodePitr({ target: atTime(written[0]!) }).recover(context);
  },
};

export default defineDrill({
  id: 'time-zone',
  title: 'the cluster’s TimeZone is Asia/Bangkok, the target is written with +07:00, Z and none: one moment',
  labels: ['pitr'],
  dataset: thai('tiny'),
  before: dynamicConfig({ timezone: 'Asia/Bangkok' }),
  accident: deleteAllRows('book.tickets'),
  recovery,
});
