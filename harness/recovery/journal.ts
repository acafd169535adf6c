import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import { journalSchema, type Journal } from '../record/journal';
import { journalFolder } from './plan/step-parts';
import type { Site } from './site';

/** Where a recovery's journal is kept. */
export interface JournalStore {
  /** Keeps the state as it is now. Returns once it is safe from the death of this process. */
  save(site: Site, state: Journal['state'], why?: string): Promise<void>;
  /** Takes it away, once there is nothing to go on with and nothing to take back. */
  remove(): Promise<void>;
}

/**
 * Keeps the journal beside the recovered data directory, each version a file of its own (`0007.json`): one that was cut off
 * while it was written is no JSON, and the version before it counts.
 * @param identity what the journal says of this process
 */
export function journalBeside(
  node: PatroniNode,
  identity: { pgdrill: string; owner: string; startedAt: string; version?: number },
): JournalStore {
  let version = identity.version ?? 0;
  let last: Promise<unknown> = Promise.resolve();
  let folder: string | undefined;
  return {
    async remove() {
      if (folder !== undefined) await node.exec(['rm', '-rf', folder]);
    },
    async save(site, state, why) {
      version += 1;
      const journal: Journal = {
        format: 1,
        version,
        pgdrill: identity.pgdrill,
        scope: site.cluster.description.scope,
        startedAt: identity.startedAt,
        owner: identity.owner,
        state,
        ...(why === undefined ? {} : { why }),
        request: site.request,
        plan: site.plan,
        backup: site.backup,
        steps: site.steps,
        result: site.result,
        ownSettings: site.ownSettings,
      };
      folder = journalFolder(node.dataDir, site.plan.id);
      const target = `${folder}/${String(version).padStart(4, '0')}.json`;
      const content = JSON.stringify(site.run.secrets.redactValue(journal));
      // In order, also where two steps go on beside each other.
      const write = last.then(() => node.container.putFiles([{ target, content, mode: 0o600 }]));
      last = write.catch(() => undefined);
      await write;
    },
  };
}

/**
 * The journals of recoveries on the members of a cluster, the latest first. Of a member whose container does not run they
 * are read through Barman's, where that has its volume.
 */
export async function findJournals(cluster: Cluster): Promise<Journal[]> {
  const found = await Promise.all(cluster.nodes.map((node) => journalsOf(cluster, node)));
  return found.flat().sort((a, b) => (a.plan.id < b.plan.id ? 1 : -1));
}

async function journalsOf({ barman }: Cluster, node: PatroniNode): Promise<Journal[]> {
  const running = await node.container.isRunning();
  const [place, dataDir] = running ? [node, node.dataDir] : [barman, barman.pathOf(node.name)];
  if (dataDir === undefined || !(await place.container.isRunning())) return [];
  // Of each folder the files from the newest on, one a line: JSON.stringify breaks no line.
  const script =
    'for d in "$1".pitr-*; do [ -d "$d" ] || continue; for f in $(ls -r "$d"); do cat "$d/$f"; echo; done; echo; done';
  const { stdout } = await place.exec(['sh', '-c', script, 'sh', dataDir]);
  return stdout
    .split('\n\n')
    .map((folder) =>
      folder
        .split('\n')
        .map(readJournal)
        .find((journal) => journal !== undefined),
    )
    .filter((journal) => journal !== undefined);
}

function readJournal(line: string): Journal | undefined {
  try {
    return journalSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
