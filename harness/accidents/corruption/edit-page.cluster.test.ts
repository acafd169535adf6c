import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { bootForTests, type TestCluster } from '../../cluster/test-cluster';
import { changeRow, heapTuple } from '../../formats/heap-page';
import { btreeItems, swapItems } from '../../formats/index-page';
import { until } from '../../run/until';
import { editPage, type PageEdit } from './edit-page';

const database = 'postgres';

describe('edit page', () => {
  let booted: TestCluster;
  let cluster: Cluster;
  let leader: PatroniNode;
  let replica: PatroniNode;

  const edit = (node: PatroniNode, change: Omit<PageEdit, 'database'>) =>
    editPage(booted.run, cluster, node, { database, ...change });
  const name = async (node: PatroniNode, id: number) => node.value(`SELECT name FROM edited WHERE id = ${id}`);
  const failures = async (node: PatroniNode) =>
    node.value('SELECT coalesce(sum(checksum_failures), 0) FROM pg_stat_database');
  const upper = (page: Buffer) => changeRow(page, 7, Buffer.from('row 7'), Buffer.from('ROW 7'));

  beforeAll(async () => {
    booted = await bootForTests(2);
    cluster = booted.cluster;
    leader = await cluster.leader();
    replica = cluster.others(leader.name)[0]!;
    await leader.use(async (client) => {
      await client.query('CREATE EXTENSION amcheck');
      await client.query('CREATE TABLE edited (id integer PRIMARY KEY, name text)');
      await client.query("INSERT INTO edited SELECT i, 'row ' || i FROM generate_series(1, 2000) i");
      await client.query('VACUUM (FREEZE) edited');
    });
  });
  afterAll(() => booted?.end());

  test('on a replica › that row is another one there, nothing else is, and no checksum tells', async () => {
    await edit(replica, { relation: 'edited', block: 0, edit: upper });
    expect([await name(leader, 7), await name(replica, 7)]).toEqual(['row 7', 'ROW 7']);
    const others = "SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM edited t WHERE id <> 7";
    expect(await replica.value(others)).toBe(await leader.value(others));
    expect(await replica.query("SELECT * FROM verify_heapam('edited')")).toEqual([]);
    expect(await failures(replica)).toBe('0');
    expect((await cluster.leader()).name).toBe(leader.name);
  });

  test('on a replica › a later block; once the leader writes that page anew, the WAL brings it back whole', async () => {
    const [row] = await leader.query<{ ctid: string }>('SELECT ctid::text FROM edited WHERE id = 1999');
    const [block, line] = /(\d+),(\d+)/.exec(row!.ctid)!.slice(1).map(Number) as [number, number];
    expect(block).toBeGreaterThan(1);
    await edit(replica, {
      relation: 'edited',
      block,
      edit: (page) => {
        expect(heapTuple(page, line).ctid).toEqual({ block, line });
        return changeRow(page, line, Buffer.from('row 1999'), Buffer.from('row 9991'));
      },
    });
    expect(await name(replica, 1999)).toBe('row 9991');
    await leader.query("INSERT INTO edited VALUES (3000, 'after')");
    await until('replay caught up', booted.run, async () => (await name(replica, 3000)) === 'after');
    expect(await name(replica, 1999)).toBe('row 1999');
  });

  test('an index › two items swapped are found by amcheck there and not on the leader', async () => {
    const check = "SELECT bt_index_check('edited_pkey', true)";
    await edit(replica, {
      relation: 'edited_pkey',
      block: 1,
      edit: (page) => {
        const [first, , third] = btreeItems(page);
        return swapItems(page, first!.line, third!.line);
      },
    });
    await expect(replica.query(check)).rejects.toThrow(/item order invariant violated/);
    expect(await leader.query(check)).toHaveLength(1);
  });

  test('without its checksum › PostgreSQL refuses the page', async () => {
    const spoil = (page: Buffer) => changeRow(page, 7, Buffer.from('ROW 7'), Buffer.from('rOW 7'));
    await edit(replica, { relation: 'edited', block: 0, edit: spoil, fixChecksum: false });
    await expect(name(replica, 7)).rejects.toThrow(/invalid page in block 0 of relation base/);
    await edit(replica, { relation: 'edited', block: 0, edit: (page) => page });
    expect(await name(replica, 7)).toBe('rOW 7');
  });

  test('refused › where the member leads, and where there is no such block; an edit that throws leaves it running', async () => {
    const refusal = { code: 'PGDRILL_PAGE_EDIT' };
    await expect(edit(leader, { relation: 'edited', block: 0, edit: upper })).rejects.toMatchObject(refusal);
    await expect(edit(replica, { relation: 'edited', block: 99, edit: upper })).rejects.toMatchObject(refusal);
    await expect(edit(replica, { relation: 'edited', block: -1, edit: upper })).rejects.toMatchObject(refusal);
    expect(await name(leader, 7)).toBe('row 7');
    await expect(edit(replica, { relation: 'edited', block: 0, edit: upper })).rejects.toThrow('does not hold');
    await cluster.awaitStreaming();
    expect(await name(replica, 7)).toBe('rOW 7');
  });

  test('where it leads and may › another member leads after it, and the edit stays on the old one', async () => {
    const change = (page: Buffer) => changeRow(page, 8, Buffer.from('row 8'), Buffer.from('ROW 8'));
    await edit(leader, { relation: 'edited', block: 0, edit: change, leader: true });
    expect((await cluster.leader()).name).toBe(replica.name);
    expect([await name(leader, 8), await name(replica, 8)]).toEqual(['ROW 8', 'row 8']);
  });
});
