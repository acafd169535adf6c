import { bootForTests, type TestCluster } from '../cluster/test-cluster';
import { awaitSynchronous } from './synchronous-again';
import { synchronousMode, synchronousStandby } from './synchronous-mode';

let booted: TestCluster;

beforeAll(async () => {
  booted = await bootForTests(2);
});
afterAll(() => booted?.end());

test('asynchronous › nothing to wait for', async () => {
  expect(await awaitSynchronous(booted.run, booted.cluster)).toBeUndefined();
});

test('/sync names another leader › Patroni leaves it so, until synchronous mode is turned off and on', async () => {
  const { run, cluster } = booted;
  await synchronousMode()({ run, cluster });
  expect(await awaitSynchronous(run, cluster)).toBeUndefined();
  const leader = await cluster.leader();
  const [other] = cluster.others(leader.name);
  // What is left where the leader was frozen, the other promoted, and the leader has taken its key back.
  await cluster.etcd.put('sync', JSON.stringify({ leader: other!.name, sync_standby: null }));
  expect(await awaitSynchronous(run, cluster)).toBe(
    `synchronous mode turned off and on: ${leader.name} led, and left /sync as it was ({"leader":"${other!.name}","sync_standby":null})`,
  );
  expect((await cluster.leader()).name).toBe(leader.name);
  expect(synchronousStandby(await cluster.etcd.keys(), leader.name)).toBe(other!.name);
});
