import { PgdrillError } from '../record/errors';
import { countWrites } from './count-writes';
import { keptDirectory } from './plan/isolated-node-steps';
import { hasBegun, oldLeaderOf, putBackMark, tidyBegun, touchedMembers } from './plan/stands';
import type { WrittenTransactions } from './plan/written-transactions';
import { branchOf, branchTimelines } from './quarantine';
import type { Site } from './site';

/** What a look at a recovery needs; nothing is changed by it. */
export type Looked = Pick<Site, 'cluster' | 'node' | 'request' | 'plan' | 'result' | 'steps'>;

/**
 * Whether the old leader still has its data, untouched or put aside: only then is there a way back.
 * @returns why there is none, in words; undefined where there is one
 */
export async function whyNoWayBack(site: Looked): Promise<string | undefined> {
  const { cluster, plan } = site;
  const name = oldLeaderOf(site);
  if (name === undefined) return undefined;
  const leader = cluster.member(name);
  if (leader === site.node) {
    return tidyBegun(site) ? `the old data of ${leader.name}, the old leader, was removed` : undefined;
  }
  if (!hasBegun(site, 'rejoin') || !touchedMembers(site).includes(leader.name)) return undefined;
  const places = [keptDirectory(leader.dataDir, plan.id), `${leader.dataDir}/${putBackMark}`];
  const { exitCode } = await leader.exec(['sh', '-c', '[ -e "$1" ] || [ -e "$2" ]', 'sh', ...places], { check: false });
  if (exitCode === 0 && !tidyBegun(site)) return undefined;
  return `the data of ${leader.name}, the old leader, is gone: it has begun to follow ${plan.node}`;
}

/** @throws PGDRILL_NO_WAY_BACK, PGDRILL_MEMBER_STOPPED */
export async function requireWayBack(site: Looked): Promise<void> {
  const { cluster, plan } = site;
  const needed = [...new Set([oldLeaderOf(site), plan.node])].filter((name) => name !== undefined);
  for (const name of needed) {
    if (await cluster.member(name).container.isRunning()) continue;
    throw new PgdrillError(
      'PGDRILL_MEMBER_STOPPED',
      `the container of ${name} does not run: its data cannot be put back`,
      `start it: docker start ${cluster.member(name).container.name}`,
    );
  }
  const why = await whyNoWayBack(site);
  if (why === undefined) return;
  throw new PgdrillError(
    'PGDRILL_NO_WAY_BACK',
    why,
    'go on with it: pgdrill pitr --resume; or recover to another target: what the old history held up to the fence is in the archive',
  );
}

/** Transactions that the recovered leader has committed so far; none before it was told to lead. */
export async function writesOf(site: Looked): Promise<WrittenTransactions> {
  if (!hasBegun(site, 'lead')) return { count: 0 };
  const timelines = await branchTimelines(site.cluster, site.node, branchOf(site));
  return countWrites(site.node, timelines, site.result.branchLsn ?? '0/0');
}

/** The refusal of a rollback that would throw writes away. */
export function writesAcknowledged(site: Looked, { count, since }: WrittenTransactions): PgdrillError {
  return new PgdrillError(
    'PGDRILL_WRITES_ACKNOWLEDGED',
    `${site.node.name} has committed ${count} ${count === 1 ? 'transaction' : 'transactions'} since ${since ?? 'it leads'} as the recovered leader: a rollback would throw ${count === 1 ? 'it' : 'them'} away`,
    'go on: pgdrill pitr --resume; or throw them away: pgdrill pitr --rollback --force',
  );
}
