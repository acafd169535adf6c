import type { EpisodeEvidence } from '../record/evidence';
import type { Baseline } from '../record/fingerprint';
import type { Finding } from '../record/finding';
import type { Check } from './check';
import { recoveryIsJudged } from './applicability';
import { sameLargeObjects, unloggedEmpty } from './content-beside';
import { databasesConnect } from './content-databases';
import { sameExtensions, sameSchema } from './content-schema';
import { sequencesAhead } from './content-sequences';
import { sameTables, type ComparedDatabase } from './content-tables';
import { leaderOf } from './leader-of';
import { LEDGER_DATABASE } from './ledger-sets';
import { everyCluster, whyAbsent, type ClusterPlace, type Place } from './place';
import { contentExpected, withoutLedger } from './without-ledger';

/** Oracle 4: the accident is all that wrote to the dataset, so what was there before it is what must be there now. */
export const content: Check = {
  id: 'content',
  version: 2,
  title: 'every table, sequence, schema, large object and database is as it was before the accident, on every member',
  oracle: 4,
  applies(episode, evidence) {
    const judged = recoveryIsJudged(episode, evidence);
    if (judged !== true || !withoutLedger(episode) || contentExpected(episode).baseline) return judged;
    return 'no baseline: nobody gave one that `pgdrill baseline` had taken, so what must be there is not known';
  },
  examine: (examined) =>
    everyCluster('content', examined, (at) => [
      ...databasesConnect(at),
      ...(at.cluster.baseline ? compared(at, at.cluster.baseline, examined.episode) : noBaseline(at.place)),
    ]),
};

function noBaseline(place: Place): Finding[] {
  return [place.unverified('the content before the accident', 'no baseline was taken')];
}

function compared({ place, cluster, members }: ClusterPlace, baseline: Baseline, episode: EpisodeEvidence): Finding[] {
  // Without writers of pgdrill's own a database of that name is somebody's, like any other.
  const names = Object.keys(baseline.databases)
    .filter((database) => withoutLedger(episode) || database !== LEDGER_DATABASE)
    .sort();
  const tables = names.reduce((sum, name) => sum + Object.keys(baseline.databases[name]?.tables ?? {}).length, 0);
  if (tables === 0) return [place.unverified('tables in the baseline', 'none: there is nothing to compare')];
  const leader = leaderOf(cluster);
  const timelineLeft = episode.recovery?.plan?.targetTimeline ?? episode.incident?.before.timeline;
  return members.flatMap(({ name, place: at, member }) =>
    names.flatMap((database) => {
      const before = baseline.databases[database];
      const now = member.content?.[database];
      if (!before) return [];
      if (!now) return [at.unverified(`the content of database ${database}`, whyAbsent(member, 'content'))];
      const one: ComparedDatabase = { place: at, member: name, database, before, now, narrowed: member.narrowed };
      return [
        ...sameTables(one),
        sameSchema(one),
        sameExtensions(one),
        sequencesAhead(one),
        sameLargeObjects(one),
        unloggedEmpty(one, { leads: name === leader, timeline: member.timeline, timelineLeft }),
      ];
    }),
  );
}
