import { z } from 'zod';
import type { PatroniNode } from '../../cluster/patroni-node';
import { disciplineOf, shaping } from '../../formats/traffic-control';
import { defineAccident } from '../define-accident';

/** s worth of bytes at the rate asked for, that the proof sends. */
const PROOF_SECONDS = 2;

export const slowNetwork = defineAccident({
  name: 'slow-network',
  family: 'failover',
  title: 'network slowed down',
  does: 'What a member sends is delayed, lost in part, or held to a rate, by a queueing discipline of the kernel in its network namespace (tc; netem, or tbf where only a rate is asked for).',
  strikes: ['replica', 'leader'],
  options: z.object({
    delayMs: z.number().int().min(0).default(0).describe('ms by which each packet is late'),
    jitterMs: z.number().int().min(0).default(0).describe('ms by which that varies'),
    lossPercent: z.number().min(0).max(99).default(0).describe('of packets that are lost'),
    rateKbit: z.number().int().min(0).default(0).describe('kbit/s that it may send; 0: no limit'),
  }),
  proof: 'bytes sent to Barman by ssh take as much longer as delay and rate say',
  undone: 'the queueing discipline is removed',
  neverTouches: 'other members, what the member receives',
  async lacks(_context, { nodes: [node] }, options) {
    // Tried on a device of its own, which nobody sends through.
    const script = `ip link add pgdrill0 type veth peer name pgdrill1 || exit 1
tc qdisc add dev pgdrill0 root "$@"; code=$?; ip link del pgdrill0; exit $code`;
    const tried = await node!.exec(['sh', '-c', script, 'sh', ...shaping(options)], { check: false });
    if (tried.exitCode === 0) return undefined;
    const kind = disciplineOf(options);
    return `its kernel has no ${kind} (module sch_${kind}, CONFIG_NET_SCH_${kind.toUpperCase()}): ${tried.stderr.trim()}`;
  },
  async prepare(_context, { nodes: [node] }) {
    const { stdout } = await node!.exec([
      'sh',
      '-c',
      "ip -o route get 1.1.1.1 | grep -o 'dev [^ ]*' | cut -d ' ' -f 2",
    ]);
    return { device: stdout.trim() };
  },
  async strike({ deal }, { nodes: [node] }, options, { device }) {
    const bytes = Math.round((options.rateKbit * 1000 * PROOF_SECONDS) / 8);
    const before = await sendingMs(node!, bytes);
    await deal(() => node!.exec(['tc', 'qdisc', 'replace', 'dev', device!, 'root', ...shaping(options)]));
    const after = await sendingMs(node!, bytes);
    const slower = options.delayMs - options.jitterMs + (options.rateKbit > 0 ? (PROOF_SECONDS * 1000) / 2 : 0);
    return {
      proof: {
        took: after - before >= slower && after > before,
        expected: `sending takes ${slower} ms longer at least`,
        found: `${before} ms before, ${after} ms after`,
      },
    };
  },
  async undo({ cluster, struck, notes }) {
    const script = 'tc qdisc show dev "$1" | grep -Eq "^qdisc (netem|tbf) " || exit 0; tc qdisc del dev "$1" root';
    for (const name of struck) await cluster.member(name).exec(['sh', '-c', script, 'sh', notes.device!]);
    return `the network of ${struck.join(', ')} is as fast as before`;
  },
});

/** ms that it takes to send so many bytes to Barman's host, over the connection that archive_command keeps open. */
async function sendingMs(node: PatroniNode, bytes: number): Promise<number> {
  const script = `ssh "$2" true; t=$EPOCHREALTIME; head -c "$1" /dev/zero | ssh "$2" 'cat > /dev/null'; echo $(( (\${EPOCHREALTIME/./} - \${t/./}) / 1000 ))`;
  const { stdout } = await node.exec(['bash', '-c', script, 'bash', String(bytes), 'barman'], { user: node.osUser });
  return Number(stdout);
}
