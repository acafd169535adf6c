import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Cluster } from '../cluster/cluster';
import { PgdrillError } from '../record/errors';
import { savedBaselineSchema, type SavedBaseline } from '../record/saved-baseline';
import { packageVersion } from '../run/package';
import type { Run } from '../run/run';
import { listDatabases, readBaseline, type TakenBaseline } from './collectors/baseline';
import { collectGlobals } from './collectors/globals';
import { KeptRows } from './collectors/row-digests';

/** A baseline that was read from its file, with what a difference from it is narrowed with. */
export interface ReadBaseline {
  saved: SavedBaseline;
  taken: TakenBaseline;
}

/**
 * Takes the content of a cluster, as its leader has it now, into a file that no other user can read, and the rows' digests
 * into one beside it. Nothing is made or changed in the cluster: where its databases have no digest functions of pgdrill's,
 * digests are of text.
 * @param file written whole; `<file>.rows.tsv` beside it
 * @throws what the server says when a database cannot be read
 */
export async function saveBaseline(run: Run, cluster: Cluster, file: string): Promise<SavedBaseline> {
  const leader = await cluster.leader();
  const rowsFile = `${file}.rows.tsv`;
  rmSync(rowsFile, { force: true });
  const [at] = await leader.query<{ system: string; now: string; lsn: string }>(
    `SELECT (SELECT system_identifier FROM pg_control_system())::text AS system, pg_current_wal_insert_lsn()::text AS lsn,
            to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' AS now`,
  );
  const timeline = await leader.writtenTimeline();
  const databases = await listDatabases(leader);
  run.note(`reading ${databases.join(', ')} on ${leader.name}`);
  const taken = await readBaseline(run, leader, databases, { rowsFile });
  const key = randomBytes(16).toString('hex');
  const saved: SavedBaseline = {
    format: 1,
    kind: 'pgdrill-baseline',
    scope: cluster.description.scope,
    origin: {
      pgdrill: packageVersion(),
      systemIdentifier: at!.system,
      takenAt: at!.now,
      lsn: at!.lsn,
      timeline,
      methods: methodsOf(taken),
    },
    baseline: taken.baseline,
    globals: await collectGlobals(leader, key),
    key,
    schemaLines: Object.fromEntries([...taken.schemaLines].map(([database, lines]) => [database, [...lines]])),
    rows: {
      file: path.basename(rowsFile),
      ...(await fileFacts(rowsFile)),
      limit: taken.rows.limit,
      places: taken.rows.places,
    },
  };
  writeFileSync(file, `${JSON.stringify(run.secrets.redactValue(saved))}\n`, { mode: 0o600 });
  return saved;
}

/**
 * Reads a baseline again. Where its rows are gone or were changed, differences are told by table only.
 * @throws PGDRILL_BASELINE_UNREADABLE
 */
export async function readBaselineFile(run: Run, file: string): Promise<ReadBaseline> {
  const saved = parse(file);
  const rowsFile = path.join(path.dirname(file), saved.rows.file);
  const { bytes, sha256 } = await fileFacts(rowsFile);
  const whole = bytes === saved.rows.bytes && sha256 === saved.rows.sha256;
  if (!whole)
    run.recorder.record({
      kind: 'warning',
      text: `${rowsFile} is not what ${path.basename(file)} was saved with: differences are told by table, not by row`,
    });
  return {
    saved,
    taken: {
      baseline: saved.baseline,
      schemaLines: new Map(Object.entries(saved.schemaLines)),
      rows: new KeptRows(rowsFile, saved.rows.limit, whole ? saved.rows.places : {}),
    },
  };
}

/** @throws PGDRILL_BASELINE_OTHER where a baseline is of another cluster than the one that is recovered */
export function requireSameSystem({ scope, origin }: SavedBaseline, cluster: Cluster, systemIdentifier: string): void {
  if (origin.systemIdentifier === systemIdentifier) return;
  throw new PgdrillError(
    'PGDRILL_BASELINE_OTHER',
    `the baseline is of system ${origin.systemIdentifier} ("${scope}", taken ${origin.takenAt}), the cluster "${cluster.description.scope}" is system ${systemIdentifier}`,
    'give a baseline that `pgdrill baseline --out FILE` took of this cluster, or none',
  );
}

function parse(file: string): SavedBaseline {
  try {
    return savedBaselineSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new PgdrillError(
      'PGDRILL_BASELINE_UNREADABLE',
      `${file} is no baseline that this version can read`,
      'give a file that `pgdrill baseline --out FILE` has written',
      { cause },
    );
  }
}

function methodsOf({ baseline }: TakenBaseline): string[] {
  const tables = Object.values(baseline.databases).flatMap((content) => Object.values(content.tables));
  return [...new Set(tables.flatMap(({ method }) => (method === undefined ? [] : [method])))].sort();
}

/** Length and sha256 of a file; of one that is not there those of nothing. */
async function fileFacts(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  if (!existsSync(file)) return { bytes: 0, sha256: hash.digest('hex') };
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return { bytes: statSync(file).size, sha256: hash.digest('hex') };
}
