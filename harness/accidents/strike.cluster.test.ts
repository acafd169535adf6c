import { bootForTests, type TestCluster } from '../cluster/test-cluster';
import { newId } from '../run/ids';
import { Run } from '../run/run';
import { attachCluster } from '../cluster/attach';
import { killPostmaster } from './failover/kill-postmaster';
import { strikeKind } from './define-accident';
import { mend } from './mend';
import { readStruck } from './struck';

describe('an accident by hand', () => {
  let booted: TestCluster;

  beforeAll(async () => {
    booted = await bootForTests(2);
  });
  afterAll(() => booted?.end());

  test('strikes whom is named, and another process sees from the cluster what struck', async () => {
    const { run, cluster } = booted;
    const leader = await cluster.leader();
    const [replica] = cluster.others(leader.name);
    const context = { run, cluster, episode: 0, database: 'postgres' };
    const refused = strikeKind(killPostmaster.kind, context, {}, 'etcd1');
    await expect(refused).rejects.toMatchObject({ code: 'PGDRILL_ACCIDENT_TARGET' });
    expect(await readStruck(cluster)).toEqual([]);

    const { victims, blow } = await strikeKind(killPostmaster.kind, context, {}, replica!.name);
    expect(victims).toMatchObject({ role: 'replica', names: [replica!.name] });
    expect(blow.proof.took).toBe(true);
    await cluster.awaitStreaming('members rejoined');

    const later = new Run({ id: newId(), sessionDir: run.dir, seed: 1, deadlineScale: run.deadlineScale });
    const again = await attachCluster(booted.engine, later, cluster.description.run);
    const entry = { id: 1, accident: 'kill-postmaster', struck: [replica!.name], state: 'struck' };
    expect(await readStruck(again)).toMatchObject([entry]);
    expect(await mend(later, again, 'another')).toEqual([]);
    expect(await mend(later, again)).toMatchObject([{ outcome: 'cannot', found: killPostmaster.kind.undone }]);
  });
});
