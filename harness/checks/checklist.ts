import type { Evidence } from '../record/evidence';
import type { Finding, FindingStatus } from '../record/finding';
import type { Verdict } from '../record/verdict';
import { leaderOf } from './leader-of';
import { firstOf } from './place';
import { reachedTarget, walOrderOf } from './without-ledger';

/** One line of what a person ticks off after a recovery. */
export interface ChecklistLine {
  title: string;
  /** `unknown`: nobody could see it, or it is not for now. */
  state: 'ok' | 'bad' | 'unknown';
  found: string;
}

/** What one line rests on. */
interface Ground {
  title: string;
  checks: readonly string[];
  /** Said where all is well. */
  well(evidence: Evidence): string;
  /** Said where none of the checks applies. */
  nothing(evidence: Evidence): string;
}

const grounds: readonly Ground[] = [
  {
    title: 'recovery target',
    checks: ['stop-point'],
    well: stopInWords,
    nothing: () => 'was not looked at',
  },
  {
    title: 'timeline',
    checks: ['timeline'],
    well: timelineInWords,
    nothing: () => 'was not looked at',
  },
  {
    title: 'data',
    checks: ['content', 'globals', 'databases', 'expectations', 'integrity'],
    well: dataInWords,
    nothing: () => 'was not looked at',
  },
  {
    title: 'cluster',
    checks: ['leader', 'members', 'fence'],
    well: clusterInWords,
    nothing: (evidence) => `${nodeOf(evidence)} is isolated: it is not the cluster's leader yet`,
  },
  {
    title: 'archive',
    checks: ['archive'],
    well: archiveInWords,
    nothing: () => 'not looked at before the recovered node leads',
  },
];

/**
 * The checklist at the end of a recovery: recovery status, target, timeline, data, cluster, archive. From the verdict's
 * findings alone; a line is as good as the worst check that it rests on.
 */
export function checklist(evidence: Evidence, verdict: Verdict): ChecklistLine[] {
  return [recoveryLine(evidence), ...grounds.map((ground) => lineOf(ground, evidence, verdict))];
}

function lineOf(ground: Ground, evidence: Evidence, { checks }: Verdict): ChecklistLine {
  const results = checks.filter(({ check }) => ground.checks.includes(check));
  const findings = results.flatMap((result) => result.findings);
  const having = (status: FindingStatus): Finding[] => findings.filter((finding) => finding.status === status);
  const { title } = ground;
  const bad = having('failed');
  if (bad.length > 0) return { title, state: 'bad', found: worst(bad) };
  const unseen = having('unverified');
  if (unseen.length > 0) return { title, state: 'unknown', found: worst(unseen) };
  if (having('ok').length === 0) return { title, state: 'unknown', found: ground.nothing(evidence) };
  return { title, state: 'ok', found: ground.well(evidence) };
}

/** The first finding, and how many there are besides. */
function worst(findings: readonly Finding[]): string {
  const [first] = findings;
  const where = first?.member === undefined ? '' : `${first.member}: `;
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
  return `${where}expected ${first?.expected}; found ${first?.found}${more}`;
}

function recoveryLine({ episodes }: Evidence): ChecklistLine {
  const title = 'recovery';
  const episode = episodes[0];
  const { recovery } = episode ?? {};
  if (!episode || !recovery) return { title, state: 'unknown', found: 'no recovery is recorded' };
  if (!reachedTarget(episode)) return { title, state: 'bad', found: `ended as ${recovery.outcome}` };
  const [cluster] = Object.values(episode.clusters);
  const leader = cluster && leaderOf(cluster);
  if (leader === undefined) return { title, state: 'unknown', found: 'no member says that it is out of recovery' };
  return { title, state: 'ok', found: `out of recovery: pg_is_in_recovery() is false on ${leader}` };
}

function nodeOf({ episodes }: Evidence): string {
  return episodes[0]?.recovery?.node ?? 'the recovered node';
}

function stopInWords({ episodes }: Evidence): string {
  const [cluster] = Object.values(episodes[0]?.clusters ?? {});
  const boundary = cluster && walOrderOf(cluster)?.boundary;
  if (!boundary) return 'replayed to the end of what was asked for, by log, WAL and history';
  const kept = boundary.lastKept ? `; the last one kept is ${boundary.lastKept.xid}, ${boundary.lastKept.time}` : '';
  return `stopped before the ${boundary.record.startsWith('ABORT') ? 'abort' : 'commit'} of transaction ${boundary.xid}, ${boundary.time}${kept}`;
}

function timelineInWords({ episodes }: Evidence): string {
  const { recovery, clusters = {} } = episodes[0] ?? {};
  const [cluster] = Object.values(clusters);
  const leader = cluster?.members[leaderOf(cluster) ?? ''];
  return `${leader?.timeline ?? '?'}: timeline ${recovery?.newTimeline ?? '?'} left ${recovery?.plan?.targetTimeline ?? '?'} at ${recovery?.branchLsn ?? '?'}`;
}

function dataInWords({ episodes }: Evidence): string {
  const [cluster] = Object.values(episodes[0]?.clusters ?? {});
  if (!cluster) return 'nothing was observed';
  const members = Object.keys(cluster.members).sort();
  const contents = Object.values(cluster.baseline?.databases ?? {});
  const tables = contents.reduce((sum, { tables: all }) => sum + Object.keys(all).length, 0);
  const answers = cluster.expected?.length ?? 0;
  const said = [
    cluster.baseline ? `${tables} tables as in the baseline` : 'no baseline',
    ...(answers > 0 ? [`${answers} ${answers === 1 ? 'query answers' : 'queries answer'} as expected`] : []),
    'every database connects and its files are readable',
  ];
  return `${said.join('; ')} (${firstOf(members)})`;
}

function clusterInWords({ episodes }: Evidence): string {
  const [cluster] = Object.values(episodes[0]?.clusters ?? {});
  const leader = cluster && leaderOf(cluster);
  const others = Object.keys(cluster?.members ?? {}).filter((name) => name !== leader);
  return others.length === 0
    ? `${leader ?? 'nobody'} leads`
    : `${leader ?? 'nobody'} leads, ${others.sort().join(' and ')} ${others.length === 1 ? 'streams' : 'stream'} from it`;
}

function archiveInWords({ episodes }: Evidence): string {
  const [cluster] = Object.values(episodes[0]?.clusters ?? {});
  const seen = cluster?.archive;
  return `whole from ${seen?.fromLsn ?? '?'} to ${seen?.toLsn ?? '?'}, fresh backup ${seen?.freshBackup?.id ?? '?'}`;
}
