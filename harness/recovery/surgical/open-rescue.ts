import type { Client } from 'pg';
import { restoreAside, type AsideServer } from '../../backup/restore-aside';
import { awaitArchived, archivedFiles, switchAndArchive } from '../../backup/wal-archive';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { connectEngine } from '../../engine/connect';
import { parseTimelineHistory } from '../../formats/timeline-history';
import { messageOf, PgdrillError } from '../../record/errors';
import type { RecoveryPlan } from '../../record/recovery';
import type { RescueResult } from '../../record/rescue';
import type { Run } from '../../run/run';
import { limited } from '../../run/until';
import { gatherFacts } from '../gather-facts';
import { pitrRequest } from '../pitr';
import { planRescue, type RescuePlan } from '../plan/surgical';
import type { RescueFacts, RescueRequest, TableFacts } from '../plan/surgical-facts';
import { quotedTableName } from '../plan/surgical-names';
import { planAside, type AsidePlan } from '../plan/surgical-restore';
import { rescueShape } from '../plan/surgical-shape';
import { RescueSql } from '../plan/surgical-sql';
import { recoveryWords } from '../steps/new-branch';
import type { Narrate } from '../narrator';
import { bringBack } from './bring-back';
import { readTable } from './read-table';
import { sameEverywhere } from './same-everywhere';
import { rescueSession } from './session';
import { compareRows, stageRows } from './stage';

/** A rescue that was prepared: the server aside is up, nothing is changed. */
export interface OpenRescue {
  plan: RescuePlan;
  /** The plan as it is recorded and printed, from the restore on. */
  recorded: RecoveryPlan;
  /** The server's own words about where replay of the server aside stopped. */
  stop: string[];
  /** Does it. Once. */
  carryOut(): Promise<RescueResult>;
  /** Removes the server aside and ends all sessions. Idempotent. */
  close(): Promise<void>;
}

interface Beside {
  server: AsideServer;
  stop: string[];
  result: RescueResult['aside'];
}

/**
 * Restores beside the cluster, compares the chosen rows with the leader's, and plans what brings them back. The leader is
 * read, and written to only in a session's temporary table.
 * @throws PgdrillError with what is refused and why; the server aside is removed then
 */
export async function openRescue(
  run: Run,
  cluster: Cluster,
  request: RescueRequest,
  narrate: Narrate,
): Promise<OpenRescue> {
  if (cluster.description.origin === 'foreign') {
    throw new PgdrillError(
      'PGDRILL_RESCUE_FOREIGN',
      `pgdrill did not boot ${cluster.description.scope}, and does not know which of its volumes a server beside it could use`,
      'recover on one isolated node of it, and copy the rows from there: pgdrill pitr … --target NODE --restore',
    );
  }
  const leader = await cluster.leader();
  const aside = await planRestore(run, cluster, request);
  await narrate(...headOf(aside, 'archive-tail'), () => archiveTail(run, cluster, leader, aside));
  const beside = await narrate(...headOf(aside, 'aside'), () => restore(run, cluster, request, aside));
  const sessions: Client[] = [];
  const close = async () => {
    for (const session of sessions.splice(0)) await session.end().catch(() => undefined);
    await beside.server.remove();
  };
  try {
    const open = async (node: PatroniNode) => {
      const session = await openDatabase(node, request.database);
      sessions.push(session);
      return session;
    };
    const [there, here] = [await open(beside.server.node), await open(leader)];
    const { facts, plan, sql, table } = await limited('rows brought back', run, () =>
      planned(request, leader.name, there, here),
    );
    const recorded = recordedPlan(request, aside, plan, leader.name);
    return {
      plan,
      recorded,
      stop: beside.stop,
      close,
      async carryOut() {
        const from = quotedTableName(request.table);
        const expected = await limited('rows brought back', run, () => stageRows(there, here, sql, from));
        const brought = await narrate('rows-back', plan.steps[0]!.title, async () => {
          const done = await limited('rows brought back', run, () =>
            bringBack({
              leader: here,
              dump: (section) => dumpTable(beside.server, request, section),
              sql,
              request,
              plan,
              table,
              expected,
            }),
          );
          const { inserted, updated, removed } = done;
          return [done, `${inserted} rows inserted, ${updated} updated, ${removed} removed`];
        });
        const where = { run, cluster, database: request.database, leader: here, leaderName: facts.leader };
        const members = await narrate('same-everywhere', plan.steps[1]!.title, async () => {
          const { commitLsn, digest } = brought;
          const seen = await limited('rows brought back', run, () =>
            sameEverywhere({ ...where, sql, shape: plan.shape, digest: digest.leader, commitLsn }),
          );
          return [seen, `${digest.leader.rows} rows the same on ${seen.map(({ member }) => member).join(', ')}`];
        });
        await narrate('remove-aside', plan.steps[2]!.title, async () => [await close(), 'removed']);
        return resultOf(request, plan, { ...brought, members, aside: beside.result });
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function headOf({ steps }: AsidePlan, id: string): [string, string] {
  return [id, steps.find((step) => step.id === id)?.title ?? id];
}

async function planRestore(run: Run, cluster: Cluster, request: RescueRequest): Promise<AsidePlan> {
  const { target, targetTimeline, backup } = request;
  const asked = pitrRequest({ target, targetTimeline, backup, mode: 'restore', fence: 'none' });
  return planAside(asked, await gatherFacts(run, cluster, target, targetTimeline));
}

async function archiveTail(
  run: Run,
  { barman }: Cluster,
  leader: PatroniNode,
  { segments }: AsidePlan,
): Promise<[undefined, string]> {
  const segment = await switchAndArchive(run, barman, leader);
  const held = new Set((await archivedFiles(barman)).segments);
  for (const name of segments.filter((one) => !held.has(one))) await awaitArchived(run, barman, name);
  return [undefined, `Barman holds ${segment} and all before it that are needed`];
}

async function restore(
  run: Run,
  cluster: Cluster,
  { target, targetTimeline }: RescueRequest,
  { backup }: AsidePlan,
): Promise<[Beside, string]> {
  const server = await restoreAside(await connectEngine(), run, cluster, {
    backup: backup.id,
    target,
    timeline: targetTimeline,
  });
  try {
    if (server.failed !== undefined) {
      throw new PgdrillError(
        'PGDRILL_RESCUE_ASIDE',
        `backup ${backup.id} could not be brought to the target beside the cluster: ${server.failed}`,
        'nothing was changed; choose another target or backup',
      );
    }
    const { node } = server;
    const timeline = await node.writtenTimeline();
    const history = await node.history(timeline);
    const branchLsn = parseTimelineHistory(timeline, history).ancestors.at(-1)?.endLsn;
    const result = { timeline, history, ...(branchLsn === undefined ? {} : { branchLsn }) };
    const stop = recoveryWords(await node.serverLog());
    return [{ server, stop, result }, `${backup.id} up to ${branchLsn ?? 'the target'}, on a timeline of its own`];
  } catch (error) {
    await server.remove();
    throw error;
  }
}

async function openDatabase(node: PatroniNode, database: string): Promise<Client> {
  try {
    return await rescueSession(node, database);
  } catch (error) {
    // 3D000: invalid_catalog_name.
    if ((error as { code?: unknown }).code !== '3D000') throw error;
    throw new PgdrillError(
      'PGDRILL_RESCUE_NOTHING',
      `${node.name === 'aside' ? 'at the target there was' : `${node.name} has`} no database ${database}: ${messageOf(error)}`,
      'name another with --database; a whole database comes back with pgdrill pitr',
      { cause: error },
    );
  }
}

interface Planned {
  facts: RescueFacts;
  plan: RescuePlan;
  sql: RescueSql;
  table: TableFacts;
}

async function planned(request: RescueRequest, leader: string, aside: Client, here: Client): Promise<Planned> {
  const facts: RescueFacts = {
    leader,
    aside: await readTable(aside, request.table),
    there: await readTable(here, request.table),
    newTableThere: request.newTable !== undefined && (await readTable(here, request.newTable)) !== undefined,
  };
  const shape = rescueShape(request, facts);
  const sql = new RescueSql(shape, request.into, request.where);
  const from = quotedTableName(request.table);
  await tryPredicate(aside, sql.tryPredicate(from), request.where);
  // Given out by the shape: it is there, here or at the target.
  const table = (shape.create ? facts.aside : facts.there)!;
  await here.query('BEGIN');
  try {
    await stageRows(aside, here, sql, from);
    const rows = await compareRows(here, sql, shape, table, table);
    const { rows: answer } = await aside.query<{ rows: string }>(sql.undecided(from));
    const undecided = answer[0]?.rows ?? '0';
    return { facts, sql, table, plan: planRescue(request, facts, shape, { ...rows, undecided }) };
  } finally {
    await here.query('ROLLBACK');
  }
}

async function dumpTable(
  { node: aside }: AsideServer,
  { table, database }: RescueRequest,
  section: 'pre-data' | 'post-data',
): Promise<string> {
  const named = ['-t', quotedTableName(table), database];
  const socket = ['-U', 'postgres', '-h', '/run/postgresql'];
  const command = [`${aside.binDir}/pg_dump`, ...socket, '-s', `--section=${section}`, ...named];
  return (await aside.exec(command, { user: 'postgres' })).stdout;
}

/** Read as one command, by the extended protocol: what would end it and begin another is refused by PostgreSQL. */
async function tryPredicate(aside: Client, text: string, where: string | undefined): Promise<void> {
  if (where === undefined) return;
  try {
    // Not in pg's types: it makes a query without values go through Parse all the same.
    await aside.query({ text, values: [], queryMode: 'extended' } as { text: string; values: unknown[] });
  } catch (error) {
    throw new PgdrillError(
      'PGDRILL_RESCUE_WHERE',
      `PostgreSQL does not take the predicate (${where}): ${messageOf(error)}`,
      'write what would stand behind WHERE, for example --where "id BETWEEN 10 AND 20 AND status = \'paid\'"',
      { cause: error },
    );
  }
}

function recordedPlan(request: RescueRequest, aside: AsidePlan, plan: RescuePlan, leader: string): RecoveryPlan {
  return {
    strategy: 'surgical',
    target: request.target,
    targetTimeline: request.targetTimeline,
    backup: aside.backup.id,
    node: leader,
    others: [],
    segments: aside.segments,
    steps: [...aside.steps, ...plan.steps],
    warnings: plan.warnings,
  };
}

function resultOf(
  { database, table, newTable, where, into }: RescueRequest,
  plan: RescuePlan,
  done: Omit<RescueResult, 'database' | 'table' | 'newTable' | 'where' | 'into' | 'created' | 'chosen'>,
): RescueResult {
  const named = ({ schema, name }: RescueRequest['table']) => `${schema}.${name}`;
  return {
    database,
    table: named(table),
    ...(newTable ? { newTable: named(newTable) } : {}),
    ...(where === undefined ? {} : { where }),
    into,
    created: plan.shape.create !== undefined,
    chosen: plan.chosen,
    ...done,
  };
}
