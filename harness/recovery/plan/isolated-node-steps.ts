import type { PlannedStep } from '../../record/recovery';
import { stepLists, type StepId } from './step-lists';
import { fencedWithNode, filesDirectory, keptDirectory, leavesFirst, staleKeys, type Parts } from './step-parts';
import { typedCommands } from './typed-commands';

export { keptDirectory, staleKeys } from './step-parts';

/**
 * The steps of a recovery on one isolated member, with the commands that a person would type for the same. The order is
 * the one that works (docs/recovery.md): what it needs is archived, the node is out of the cluster (or every member is
 * fenced), then the data is touched.
 */
export function isolatedNodeSteps(parts: Parts): PlannedStep[] {
  return listsOf(parts).steps.map((id) => plannedStep(id, parts));
}

/** The steps that lead on from there to a cluster that follows the recovered node; none in mode `cluster`. */
export function remainingSteps(parts: Parts): PlannedStep[] {
  return listsOf(parts).remaining.map((id) => plannedStep(id, parts));
}

function listsOf(parts: Parts): { steps: StepId[]; remaining: StepId[] } {
  return stepLists({ ...parts.request, alone: parts.others.length === 0, apart: leavesFirst(parts) });
}

/** One step in words and commands. */
export function plannedStep(id: StepId, parts: Parts): PlannedStep {
  const { title, changes, undo } = words[id](parts);
  return { id, title, commands: typedCommands(id, parts), changes, ...(undo === undefined ? {} : { undo }) };
}

interface Words {
  title: string;
  changes: string;
  undo?: string;
}

const words: Record<StepId, (parts: Parts) => Words> = {
  'archive-tail': () => ({
    title: 'have what the target needs archived',
    changes: 'one commit and a switch of WAL on the leader',
  }),
  'make-files': ({ request, backup }) => ({
    title: `restore backup ${backup.id} into ${filesDirectory(request.id)} of Barman's container`,
    changes: `${filesDirectory(request.id)} of Barman's container`,
    undo: 'remove it',
  }),
  isolate: ({ node }) => ({
    title: `take ${node.name} out of the cluster, which goes on without it`,
    changes: `Patroni and PostgreSQL stopped on ${node.name}`,
    undo: `start Patroni on ${node.name}: it follows the leader again`,
  }),
  fence: (parts) => {
    const all = fencedWithNode(parts) ? '' : ` but ${parts.node.name}`;
    return {
      title: `stop every member${all}, replicas first, and prove it by a refused write`,
      changes: `Patroni and PostgreSQL stopped on all members${all}`,
      undo: 'start the old leader, then the others',
    };
  },
  restore: ({ request, backup, node }) => {
    const kept = keptDirectory(node.dataDir, request.id);
    return {
      title: `restore backup ${backup.id} into the data directory of ${node.name}`,
      changes: `the data directory of ${node.name}; the old one is kept as ${kept}`,
      undo: `put ${kept} back`,
    };
  },
  replay: ({ request, node, newTimeline }) => ({
    title: `replay WAL on ${node.name}, outside Patroni, up to the target`,
    changes: request.pause
      ? `${node.name} stands at the target, readable`
      : `${node.name} ends on a timeline of its own, ${newTimeline}`,
    undo: `stop PostgreSQL on ${node.name}`,
  }),
  look: ({ node, newTimeline }) => ({
    title: `look at ${node.name} at the target, then promote it, go further, or stay`,
    changes: `once promoted, ${node.name} ends on a timeline of its own, ${newTimeline}`,
  }),
  'check-there': ({ node }) => ({
    title: `look at ${node.name} before anything else changes`,
    changes: 'nothing',
  }),
  'stop-isolated': ({ node }) => ({
    title: `stop ${node.name} and take the recovery settings out`,
    changes: `postgresql.auto.conf of ${node.name}`,
  }),
  'clear-dcs': ({ facts }) => ({
    title: 'clear what etcd remembers of the old history',
    changes: `keys ${staleKeys.join(', ')} under ${facts.namespace}${facts.scope}`,
  }),
  lead: ({ node }) => ({
    title: `start Patroni on ${node.name} and have it lead`,
    changes: `${node.name} is the leader`,
    undo: `stop Patroni on ${node.name}, as long as nobody's write was acknowledged there`,
  }),
  rejoin: ({ others, rejoins = [] }) => ({
    title: `bring back ${others
      .map(({ name }) => `${name} by ${rejoins.find((one) => one.member === name)?.rejoin ?? 'copy'}`)
      .join(' and ')}`,
    changes: 'their data directories; the old leader comes last, or what it held is kept beside',
    undo: 'stop them',
  }),
  rearm: () => ({
    title: 'let Barman follow the new history',
    changes: "Barman's receive-wal and archive",
    undo: 'stop receive-wal',
  }),
  'fresh-backup': () => ({
    title: 'make a base backup on the new timeline',
    changes: 'one more backup in Barman',
  }),
  tidy: ({ request, node }) => {
    const kept = keptDirectory(node.dataDir, request.id);
    return request.keepOld
      ? { title: 'keep the old data directories', changes: 'nothing' }
      : { title: 'remove the old data directories', changes: `${kept}, and those of members that were copied` };
  },
};
