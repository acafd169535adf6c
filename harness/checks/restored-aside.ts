import type { EpisodeEvidence, RestoredAside } from '../record/evidence';
import type { Finding } from '../record/finding';
import type { Check, Examined } from './check';
import { sourceFindings } from './archive-source';
import { content } from './content';
import { globals } from './globals';
import { integrity } from './integrity';
import { leaderOf } from './leader-of';
import { LOOK, lookBarman } from './look';
import { besideCluster } from './no-branch';
import { everyCluster, Place, whyAbsent, type ClusterPlace } from './place';
import { asideBranch, asideStop } from './restored-aside-branch';
import { asideRows } from './restored-aside-rows';
import { judgedInCluster } from './without-ledger';

const ID = 'restored-aside';

/** By this name findings tell of the restored server; no member of a cluster is called so. */
const ASIDE = 'aside';

/** What is judged of the restored server exactly as of a member. */
const asOfMembers: readonly Check[] = [content, globals, integrity];

/**
 * Oracle 10: a backup that nobody has restored is a hope. The fresh one, restored beside the cluster to a point after it,
 * has to pass what the members pass: every write that must be there and no other, content, roles, integrity, stop and history.
 */
export const restoredAside: Check = {
  id: ID,
  version: 1,
  title: 'the fresh backup, restored aside to a point after it, holds exactly what was there at that point',
  oracle: 10,
  applies(episode, evidence) {
    const judged = judgedInCluster(episode, evidence);
    if (judged !== true) return judged;
    if (episode.recovery?.outcome !== 'done') return 'nothing was recovered, so there is no fresh backup to restore';
    if (besideCluster(episode)) return 'the history goes on as it was: no backup had to be made';
    const done = Object.values(episode.clusters).some((cluster) => cluster.restoredAside !== undefined);
    return done || evidence.run.deep === true
      ? true
      : 'the run was not --deep: nobody restored the fresh backup to see whether it can be';
  },
  examine: (examined) =>
    everyCluster(ID, examined, (at) => {
      const seen = at.cluster.restoredAside;
      if (!seen) return [at.place.unverified('the fresh backup restored aside', 'was not done')];
      const place = new Place(ID, examined, clusterName(at, examined), ASIDE);
      const findings = [
        ofFreshBackup(at, seen, examined.episode),
        ...sourceFindings(at.place, at.cluster.backup?.server ?? '', seen.source),
      ];
      if (seen.failed !== undefined) {
        const look = lookBarman(`barman show-backup ${at.cluster.backup?.server ?? ''} ${seen.backup}`);
        return [...findings, place.failed('the fresh backup can be restored', seen.failed, [...seen.stop, look])];
      }
      return [
        ...findings,
        asideStop(place, seen),
        ...asideBranch(place, at, seen),
        ...asideRows(place, seen),
        laterRow(place, seen),
        ...asOfMembers.flatMap((check) => asMember(check, examined, at, seen)),
      ];
    }),
};

/** The backup made after the recovery, and no older one: that one was tried by the recovery itself. */
function ofFreshBackup({ place, cluster }: ClusterPlace, seen: RestoredAside, { recovery }: EpisodeEvidence): Finding {
  const fresh = recovery?.freshBackup ?? cluster.archive?.freshBackup?.id;
  const expected = `the backup made after the recovery, ${fresh ?? '(not recorded)'}, is the one restored`;
  if (fresh === undefined) return place.unverified(expected, seen.backup);
  return seen.backup === fresh ? place.ok(expected, seen.backup) : place.failed(expected, seen.backup);
}

/** The row written just before the point is there; the one written just after it is not. */
function laterRow(place: Place, { member }: RestoredAside): Finding {
  const expected = 'of the rows around the point the one before it, and no other';
  if (!member.probe) return place.unverified(expected, whyAbsent(member, 'probe'));
  const { expected: before, found } = member.probe;
  return found === before ? place.ok(expected, 'so it is') : place.failed(expected, found);
}

/**
 * A standard check of members, applied to the restored server as the only one; its findings are this check's. Without a
 * baseline the leader's content and roles stand in for it: the writers had stopped before either was read.
 */
function asMember(check: Check, examined: Examined, at: ClusterPlace, seen: RestoredAside): Finding[] {
  const { episode } = examined;
  const leader = at.cluster.members[leaderOf(at.cluster) ?? ''];
  const baseline = at.cluster.baseline ?? (leader?.content && { databases: leader.content, takenOn: 'the leader' });
  const globalsBefore = at.cluster.globalsBefore ?? leader?.globals;
  const only = {
    ...at.cluster,
    ...(baseline ? { baseline } : {}),
    ...(globalsBefore ? { globalsBefore } : {}),
    members: { [ASIDE]: seen.member },
  };
  const alone = { ...episode, clusters: { [clusterName(at, examined)]: only } };
  return check.examine({ ...examined, episode: alone }).map(({ detail, ...finding }) => {
    // The restored server is gone after the run, with --keep too: nobody can look there any more.
    const left = detail?.filter((line) => !line.startsWith(LOOK)) ?? [];
    return { ...finding, ...(left.length > 0 ? { detail: left } : {}), check: ID };
  });
}

function clusterName({ cluster }: ClusterPlace, { episode }: Examined): string {
  return Object.keys(episode.clusters).find((name) => episode.clusters[name] === cluster) ?? '';
}
