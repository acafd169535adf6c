import type { ClusterDescription } from './description';

/** A cluster's description for tests; no cluster has these secrets. */
export function sampleDescription(change: Partial<ClusterDescription> = {}): ClusterDescription {
  return {
    format: 1,
    run: '20261121t064000-3fa9c1',
    name: 'main',
    stack: 'bookworm',
    postgresMajor: 15,
    scope: 'patroni1',
    namespace: '/service/',
    barmanServer: 'patroni1',
    network: 'pgdrill-20261121t064000-3fa9c1-net',
    members: ['db1', 'db2', 'db3'],
    etcd: ['etcd1', 'etcd2', 'etcd3'],
    secrets: {
      superuser: 'secret-of-superuser',
      replicator: 'secret-of-replicator',
      rewind: 'secret-of-rewind',
      barman: 'secret-of-barman',
    },
    ...change,
  };
}
