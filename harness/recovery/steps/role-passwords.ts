import { escapeIdentifier, escapeLiteral } from 'pg';
import { passwordMatches } from '../../cluster/password-matches';
import { patroniRoles, type PatroniRole } from '../../cluster/patroni-roles';
import { scramVerifier } from '../../cluster/scram-verifier';
import type { Site } from '../site';

/**
 * Gives the roles that Patroni and Barman log in as the passwords that these have for them. A password that was rotated
 * after the target comes back old with the data: the members' base backup and their streaming would end with "password
 * authentication failed for user "replicator"", and nothing but this node could be asked. So it is done before the node
 * leads, and only for roles whose kept hash says that the password is another one; what is sent is a hash, too.
 * @returns the roles
 */
export async function setRolePasswords({
  cluster,
  node,
  result,
}: Pick<Site, 'cluster' | 'node' | 'result'>): Promise<string[]> {
  // Of a Patroni that is configured by its environment, or by a folder of files, nothing is known: nothing is set then.
  const { stdout } = await node.exec(['cat', node.places.configFile], { check: false });
  const wanted = [...patroniRoles(stdout), ...barmansRole(cluster)];
  const kept = await node.query<{ role: string; kept: string | null }>(
    'SELECT rolname AS role, rolpassword AS kept FROM pg_authid WHERE rolname = ANY ($1)',
    [wanted.map(({ role }) => role)],
  );
  const stale = wanted.filter(({ role, password }) =>
    kept.some((row) => row.role === role && !passwordMatches(row.kept, role, password)),
  );
  if (stale.length === 0) return [];
  const xid = await node.use(async (client) => {
    await client.query('BEGIN');
    for (const { role, password } of stale)
      await client.query(`ALTER ROLE ${escapeIdentifier(role)} PASSWORD ${escapeLiteral(scramVerifier(password))}`);
    const { rows } = await client.query<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid');
    await client.query('COMMIT');
    return rows[0]!.xid;
  });
  result.ownXids = [...(result.ownXids ?? []), xid];
  result.passwordsSet = [...new Set([...(result.passwordsSet ?? []), ...stale.map(({ role }) => role)])];
  return result.passwordsSet;
}

/** Of a cluster of ours; of a foreign one, Barman's passwords lie in files that nobody told us of. */
function barmansRole({ description }: Site['cluster']): PatroniRole[] {
  if (description.origin === 'foreign' || description.secrets.barman === '') return [];
  return [{ role: 'barman', password: description.secrets.barman }];
}
