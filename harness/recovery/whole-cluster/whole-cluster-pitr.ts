import { isolatedNodePitr } from '../isolated-node-pitr';
import type { Recovery } from '../recovery';

/**
 * Point-in-time recovery with the whole cluster isolated: every member stopped, then etcd; one member recovered and looked
 * at; then etcd started, its state cleared, the recovered node, and the others.
 * @param options as of `isolatedNodePitr`
 */
export function wholeClusterPitr(options: Parameters<typeof isolatedNodePitr>[0]): Recovery {
  return {
    ...isolatedNodePitr({ ...options, strategy: 'whole-cluster' }),
    name: 'whole-cluster-pitr',
    title: 'PITR with all members and etcd stopped, then etcd, the recovered node as leader, and the others',
  };
}
