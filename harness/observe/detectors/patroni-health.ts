import type { PatroniNode } from '../../cluster/patroni-node';
import type { Complaint, Detector } from './detector';

/** Health of a member is 200 as long as its PostgreSQL runs (Patroni's documentation, "REST API"). */
export const patroniHealth: Detector = {
  name: 'patroni-health',
  head: 'pat',
  title: 'Patroni: GET /health of every member, their states, and who leads',
  wants: 'Patroni',
  async look({ cluster }) {
    const said = await Promise.all(cluster.nodes.map(memberHealth));
    const leads = said.some(({ role }) => role === 'primary');
    return {
      complaints: [
        ...said.flatMap(({ complaint }) => complaint ?? []),
        ...(leads ? [] : [{ text: 'no member says that it is primary' }]),
      ],
    };
  },
};

async function memberHealth(node: PatroniNode): Promise<{ role?: string; complaint?: Complaint }> {
  const [health, status] = await Promise.all([node.restStatus('/health'), node.patroni()]);
  if (!status) return { complaint: { text: `${node.name}: Patroni does not answer` } };
  const { role, state } = status;
  // 4.x says streaming of a replica that 3.0 says is running.
  if (health === 200 && /^(running|streaming)$/.test(state)) return { role };
  return { role, complaint: { text: `${node.name}: GET /health ${health ?? 'no answer'}, ${role} ${state}` } };
}
