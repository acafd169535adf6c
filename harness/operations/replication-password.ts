import { Client, DatabaseError } from 'pg';
import type { Cluster } from '../cluster/cluster';
import { renderPatroniConfig } from '../cluster/patroni-config';
import type { PatroniNode } from '../cluster/patroni-node';
import { scramVerifier } from '../cluster/scram-verifier';
import type { Run } from '../run/run';
import { until } from '../run/until';
import type { Operation } from './operation';

/** The role that members of a cluster of ours stream with. */
const ROLE = 'replicator';

/** A rotation of the password that members stream with. The password itself stays here. */
interface PasswordRotation {
  /** Rotates it, in the database and in each member's Patroni, and notes nothing. */
  rotate: Operation;
  /**
   * What a server says to the new password; undefined when it lets one in. A server in isolation lets nobody but the
   * superuser in, so the role is added to its `hba_file` first.
   */
  refusedBy(run: Run, node: PatroniNode): Promise<string | undefined>;
}

/**
 * What an operator does by the calendar: `ALTER ROLE … PASSWORD`, each member's patroni.yml, a reload of each Patroni
 * (Patroni's documentation, "YAML Configuration Settings": authentication is local configuration).
 */
export function replicationPassword(): PasswordRotation {
  let password = '';
  return {
    async rotate({ run, cluster }) {
      password = run.secrets.make('replicator password, rotated');
      const leader = await cluster.leader();
      await leader.query(`ALTER ROLE ${ROLE} PASSWORD '${scramVerifier(password)}'`);
      await Promise.all(cluster.nodes.map((node) => reconfigure(cluster, node, password)));
      await until('member answers', run, async () => (await logIn(leader, password)) === undefined);
      await cluster.awaitStreaming();
    },
    async refusedBy(run, node) {
      const file = await node.value('SHOW hba_file');
      await node.exec(['sh', '-c', `echo 'host all ${ROLE} samenet scram-sha-256' >> "$1"`, 'sh', file]);
      await node.query('SELECT pg_reload_conf()');
      let said: string | undefined;
      await until('member answers', run, async () => {
        said = await logIn(node, password);
        return !/no pg_hba.conf entry/.test(said ?? '');
      });
      return said;
    },
  };
}

async function reconfigure(cluster: Cluster, node: PatroniNode, password: string): Promise<void> {
  const { description } = cluster;
  const secrets = { ...description.secrets, replicator: password };
  const target = '/etc/patroni/patroni.yml';
  const content = renderPatroniConfig({ ...description, secrets }, node.name);
  await node.container.putFiles([{ target, content, mode: 0o600 }]);
  await node.exec(['chown', 'postgres:postgres', target]);
  // As its own: Patroni reads its configuration again at SIGHUP.
  await node.exec(['supervisorctl', 'signal', 'HUP', 'patroni']);
}

/** @returns how the server refused, in its own words; undefined when it did not */
async function logIn(node: PatroniNode, password: string): Promise<string | undefined> {
  const port = await node.container.hostPort(5432);
  const client = new Client({ host: '127.0.0.1', port, user: ROLE, password, database: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    if (error instanceof DatabaseError) return error.message;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
