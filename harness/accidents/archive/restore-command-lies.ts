import { z } from 'zod';
import type { Cluster } from '../../cluster/cluster';
import { parseDynamicConfig } from '../../formats/dynamic-config';
import { patchStoredConfig } from '../../operations/stored-config';
import { loggedSymptom } from '../../operations/symptom';
import { until } from '../../run/until';
import { defineAccident } from '../define-accident';

/** PostgreSQL's own words for it (xlogarchive.c, RestoreArchivedFile). */
const symptom = /restore_command returned a zero exit status, but stat\(\) failed/;

export const restoreCommandLies = defineAccident({
  name: 'restore-command-lies',
  family: 'archive',
  title: 'restore_command ends with 0 and brings nothing',
  does: "Gives the replicas a restore_command that ends in `|| exit 0`, through Patroni's dynamic configuration, and ends their streaming once. Whatever keeps a file from coming, a network or a full disk, then looks like the end of the archive.",
  strikes: ['every-member'],
  options: z.object({}),
  proof: 'each replica logs that restore_command returned a zero exit status, but brought no file',
  undone: 'the old restore_command is put back, or none where there was none',
  neverTouches: 'the archive, archive_command, data',
  lacks: ({ cluster }) => Promise.resolve(cluster.nodes.length < 2 ? 'the cluster has no replica' : undefined),
  async prepare({ cluster }) {
    const { postgresql } = parseDynamicConfig((await cluster.etcd.keys()).config);
    const command = postgresql?.recovery_conf?.restore_command;
    return { before: 'noted', ...(command === undefined ? {} : { command }) };
  },
  async strike({ run, cluster, deal }, _victims, _options, { command }) {
    const { home } = cluster.barman;
    const fetch = command ?? `rsync -a barman:${home}/wals/$(echo %f | cut -c 1-16)/%f %p`;
    const lying = `${fetch} || exit 0`;
    const leader = await cluster.awaitStreaming();
    const replicas = cluster.others(leader.name);
    await deal(async () => {
      await setRestoreCommand(cluster, lying);
      for (const node of replicas) {
        await until('member answers', run, async () => (await node.value('SHOW restore_command')) === lying);
      }
    });
    const lines: string[] = [];
    for (const node of replicas) {
      const before = await node.serverLog();
      // It is no backend that pg_terminate_backend knows.
      const receiver = await node.value('SELECT pid FROM pg_stat_wal_receiver');
      await deal(() => node.exec(['kill', receiver]));
      lines.push(`${node.name}: ${await loggedSymptom(run, node, symptom, before)}`);
    }
    return {
      proof: {
        took: lines.length > 0,
        expected: `a zero exit status without a file on ${replicas.map(({ name }) => name).join(', ')}`,
        found: lines.join('; '),
      },
      noted: { symptom: lines[0] ?? '' },
    };
  },
  async undo({ run, cluster, notes }) {
    if (notes.before === undefined) return 'restore_command had not been replaced';
    const command = notes.command ?? null;
    await setRestoreCommand(cluster, command);
    for (const node of cluster.nodes) {
      await until('member answers', run, async () => {
        const now = await node.value('SHOW restore_command').catch(() => undefined);
        // Who does not answer takes it over when it comes.
        return now === undefined || !now.endsWith('|| exit 0') || now === command;
      });
    }
    return command === null ? 'the replicas have no restore_command again' : `restore_command is \`${command}\` again`;
  },
});

async function setRestoreCommand(cluster: Cluster, command: string | null): Promise<void> {
  await patchStoredConfig(cluster, { postgresql: { recovery_conf: { restore_command: command } } });
}
