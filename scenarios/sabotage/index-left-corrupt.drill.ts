import {
  beforeAccident,
  btreeItems,
  defineDrill,
  deleteAllRows,
  editPage,
  isolatedNodePitr,
  swapItems,
  thai,
  verdict,
} from 'pgdrill';

/** Every row is there, and a search by the key goes past some of them. Block 1 of a B-tree is its first leaf. */
export default defineDrill({
  id: 'index-left-corrupt',
  title: 'sabotage: two entries of an index are in each other’s place on one replica, in a page with a right checksum',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ run, cluster, database }) {
    const leader = await cluster.leader();
    const replica = cluster.others(leader.name).at(-1)!;
    const edit = (page: Buffer) => {
      const items = btreeItems(page);
      return swapItems(page, items[10]!.line, items[20]!.line);
    };
    await editPage(run, cluster, replica, { database, relation: 'book.tickets_pkey', block: 1, edit });
    return `two entries of book.tickets_pkey are swapped on ${replica.name}`;
  },
  expect: verdict('failed', { by: 'integrity' }),
});
