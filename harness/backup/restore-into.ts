import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import type { Run } from '../run/run';
import { limited } from '../run/until';

export interface RestoreInto {
  node: PatroniNode;
  /** Id of the backup. */
  backup: string;
  /** Of `barman recover`: timeline, target … */
  options: readonly string[];
  /** Segments that the target needs; those that Barman did not copy along are added where members do not reach it. */
  segments: readonly string[];
}

/**
 * Has Barman write a backup to where a member has its data directory, which must not be there. Where Barman's container
 * mounts that place, it writes straight into it: one copy. Else it writes beside its own files, and what it wrote goes
 * through a pipe of two commands, one in each container; that takes the space of one more backup on Barman's side for as
 * long. The files belong to Barman's user then: the owner is the caller's to set.
 * @returns how, in words
 * @throws PGDRILL_COMMAND_FAILED with Barman's or tar's words, PGDRILL_DEADLINE
 */
export async function restoreInto(run: Run, cluster: Cluster, request: RestoreInto): Promise<string> {
  const { barman, description } = cluster;
  const { node } = request;
  const mounted = barman.pathOf(node.name);
  if (mounted !== undefined) {
    await barman.exec(['install', '-d', '-o', barman.user, '-m', '0700', mounted]);
    // In Barman's container of a cluster of ours the member's own path leads there, too: releases from 3.13 on write the
    // path that they are given into restore_command.
    const target = description.origin === 'foreign' ? mounted : node.dataDir;
    await recover(cluster, request, target);
    return 'written in place';
  }
  const beside = `${barman.home}/pgdrill-restore-${node.name}`;
  await barman.exec(['rm', '-rf', beside]);
  await recover(cluster, request, beside);
  await node.exec(['install', '-d', '-m', '0700', node.dataDir]);
  await limited('backup recovered', run, async (signal) => {
    const pack = ['tar', '-C', beside, '-cSf', '-', '.'];
    const packed = await barman.container.execStream(pack, { check: true, signal, user: 'root' });
    const unpack = ['tar', '-C', node.dataDir, '-xSf', '-'];
    await node.container.exec(unpack, { input: packed.stdout, check: true, signal, user: 'root' });
    await packed.finished;
  });
  await barman.exec(['rm', '-rf', beside]);
  return "copied from Barman's container through a pipe";
}

async function recover({ barman }: Cluster, request: RestoreInto, target: string): Promise<void> {
  const { backup, options, segments } = request;
  await barman.barman(['recover', ...options, barman.server, backup, target], { deadline: 'backup recovered' });
  // Members that reach Barman fetch what it left out.
  if (barman.host !== null) return;
  const wal = `${target}/barman_wal`;
  await barman.exec(['mkdir', '-p', wal], { user: barman.user });
  const { stdout } = await barman.exec(['ls', wal]);
  const there = new Set(stdout.split('\n'));
  for (const segment of segments) {
    if (!there.has(segment)) await barman.barman(['get-wal', '-P', '-o', wal, barman.server, segment]);
  }
}
