import type { ArchiveEvidence, EpisodeEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import { lookBarman } from './look';
import { besideCluster, noBranch, switchedOver } from './no-branch';
import { SHOWN, type Place } from './place';

/** A line of `barman check` that a recovery makes fail for a while: why, and the step of the plan that cures it. */
interface Explanation {
  why: string;
  cure: string;
}

const noLeader: Explanation = { why: 'no leader takes connections while the cluster is down', cure: 'lead' };

/**
 * The lines by their name in letters and digits (Barman's releases write "receive-wal running" and "receive_wal_running").
 * A line that is not here is never explained: archiver errors and failed backups in particular stay until somebody acts.
 */
const explanations: Readonly<Record<string, Explanation>> = {
  postgresql: noLeader,
  'postgresql streaming': noLeader,
  'superuser or standard user with backup privileges': noLeader,
  'replication slot': {
    why: 'the recovered data has no slot until Patroni makes it anew; none is active until receive-wal is back',
    cure: 'rearm',
  },
  'receive wal running': {
    why: 'it ends with the leader it streamed from, and cannot go on over a new branch until it is reset',
    cure: 'rearm',
  },
  'wal archive': { why: 'no segment of the new timeline has arrived yet', cure: 'rearm' },
  'continuous archiving': { why: 'the recovered node archives nothing until Patroni starts it', cure: 'lead' },
  'archive command': { why: '`barman recover` leaves it at `false` until Patroni starts the node', cure: 'lead' },
};

/**
 * `barman check` after the re-arming passes, once it was given time. A line that failed at the first look is explained by the
 * recovery and has its step of cure in the plan; a line that nothing explains is red though it came right by itself.
 */
export function barmanCheckFindings(place: Place, seen: ArchiveEvidence, episode: EpisodeEvidence): Finding[] {
  const { passed, failing: failingNow, atFirst: firstSeen = [], before = [] } = seen.check;
  // What failed before the recovery began is none of its making; a drill begins with a check that passes.
  const old = (line: string): boolean => before.some((one) => nameOf(one) === nameOf(line));
  const failing = failingNow.filter((line) => !old(line));
  const atFirst = firstSeen.filter((line) => !old(line));
  const as = failingNow.filter(old);
  const expected = `barman check ${seen.server} passes`;
  const look = lookBarman(`barman check ${seen.server}`);
  const findings: Finding[] = [];
  if ((!passed && as.length === 0) || failing.length > 0) {
    findings.push(
      place.failed(expected, `${failing.length} lines fail`, [
        ...failing.slice(0, SHOWN).map((line) => withCure(line, episode)),
        look,
      ]),
    );
  }
  const transient = atFirst.filter((line) => !failing.includes(line));
  const unexplained = transient.filter((line) => !cured(line, episode));
  if (unexplained.length > 0) {
    findings.push(
      place.failed(
        `${expected}, and what failed at first is explained by the recovery and has its step of cure`,
        `${unexplained.length} lines failed at first and are not`,
        [...unexplained.slice(0, SHOWN).map((line) => withCure(line, episode)), look],
      ),
    );
  }
  if (as.length > 0) {
    const found = `${as.length} lines failed before the recovery, too`;
    findings.push(place.notApplicable(expected, found, [...as.slice(0, SHOWN), look]));
  }
  if (findings.length > 0) return findings;
  const healed = [...(seen.check.cleared ?? []), ...transient.map((line) => withCure(line, episode))];
  return [place.ok(expected, healed.length === 0 ? 'it does' : 'it does, after a while', healed.slice(0, SHOWN))];
}

function explanationOf(line: string): Explanation | undefined {
  return explanations[nameOf(line)];
}

/** "receive wal running (See the Barman log file for more details)": the name ends where the hint begins. */
function nameOf(line: string): string {
  const name = line
    .replace(/[:(].*$/s, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ');
  return name.trim();
}

function cured(line: string, episode: EpisodeEvidence): boolean {
  const { recovery } = episode;
  const cure = explanationOf(line)?.cure;
  // Beside the cluster only the switchover after it moves the receiver, which follows by itself.
  if (besideCluster(episode)) return cure === 'rearm' && switchedOver(episode.clusters);
  // A cluster that heals has no plan: Barman is made to follow in every case.
  if (noBranch(episode)) return cure === 'rearm' && recovery?.replacedSteps?.includes(cure) !== true;
  return (
    cure !== undefined &&
    recovery?.plan?.steps.some((step) => step.id === cure) === true &&
    recovery.replacedSteps?.includes(cure) !== true
  );
}

function withCure(line: string, episode: EpisodeEvidence): string {
  const known = explanationOf(line);
  if (!known) return `${line}: nothing in a recovery explains it`;
  return `${line}: ${known.why}; ${cured(line, episode) ? `step "${known.cure}" cures it` : `the cure, step "${known.cure}", was not done`}`;
}
