import { z } from 'zod';
import { runCommand } from '../../cluster/command';
import { nowText } from '../../run/recorder';
import { defineAccident } from '../define-accident';

/** Keys that Patroni cannot make anew from what a member knows. */
const kept = ['config', 'history'] as const;

export const namespaceCleared = defineAccident({
  name: 'namespace-cleared',
  family: 'dcs',
  title: "every key of the cluster's scope deleted",
  does: "`etcdctl del --prefix` with this cluster's scope, which was meant for another one, while its Patroni runs: leader, /initialize, members, history and dynamic configuration are gone at once.",
  strikes: ['every-etcd'],
  options: z.object({}),
  proof: 'every key that is there now was made after the deletion, by its create_revision',
  undone: 'Patroni writes its keys anew; dynamic configuration and history are put back where they are missing',
  neverTouches: 'keys of other scopes, the data directories',
  async prepare({ cluster }) {
    const keys = await cluster.etcd.keys();
    return Object.fromEntries(kept.flatMap((name) => (keys[name] === undefined ? [] : [[name, keys[name]]])));
  },
  async strike({ run, cluster: { etcd }, deal }, { containers: [member] }) {
    const revision = await etcd.revision();
    const struckAt = nowText();
    const done = await deal(() => runCommand(run, member!, ['etcdctl', 'del', '--prefix', etcd.prefix]));
    const deleted = done?.stdout.trim() ?? 'nothing';
    const made = Object.entries(await etcd.madeAt());
    const left = made.filter(([, at]) => at <= revision).map(([name]) => name);
    return {
      struckAt,
      proof: {
        took: left.length === 0 && Number(deleted) > 0,
        expected: `no key of ${etcd.prefix} from up to revision ${revision}`,
        found:
          left.length > 0
            ? `left: ${left.join(', ')}`
            : `${deleted} deleted; ${made.map(([name]) => name).join(', ') || 'none'} made since`,
      },
    };
  },
  async undo({ cluster: { etcd }, notes }) {
    const there = await etcd.keys();
    const missing = kept.filter((name) => notes[name] !== undefined && there[name] === undefined);
    for (const name of missing) await etcd.put(name, notes[name]!);
    return missing.length === 0 ? 'Patroni has written its keys anew' : `put back: ${missing.join(', ')}`;
  },
});
