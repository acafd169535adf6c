import { beforeAccident, defineDrill, inOrder, surgicalRescue, thai, updateWithoutWhere } from 'pgdrill';

/** Rows that somebody puts right by hand after the accident; the rescue has to leave them alone. */
const BY_HAND = 100;

/**
 * Before the accident the names of the first tickets are wrong; after it they are corrected by hand. A rescue that brought
 * every row back to the target would bring the wrong names back, and the content would not be the baseline's.
 */
const right: { id: string; fio: string }[] = [];

export default defineDrill({
  id: 'surgical-rows-rescue',
  title: 'UPDATE without WHERE, the rows brought back by predicate; what was corrected later stays',
  labels: ['pitr'],
  dataset: thai('tiny'),
  async before({ cluster, database }) {
    const leader = await cluster.leader();
    const first = 'SELECT id FROM book.tickets ORDER BY id LIMIT $1';
    const rows = await leader.query<{ id: string; fio: string }>(
      `SELECT id, fio FROM book.tickets WHERE id IN (${first})`,
      [BY_HAND],
      database,
    );
    right.splice(0, right.length, ...rows);
    await leader.query(`UPDATE book.tickets SET fio = 'TYPO' WHERE id IN (${first})`, [BY_HAND], database);
    return `${rows.length} names misspelt`;
  },
  accident: inOrder(
    updateWithoutWhere('book.tickets', { column: 'fio', value: 'NOBODY' }),
    async ({ cluster, database }) => {
      const leader = await cluster.leader();
      await leader.query(
        `UPDATE book.tickets SET fio = corrected.fio
       FROM unnest($1::bigint[], $2::text[]) AS corrected(id, fio) WHERE tickets.id = corrected.id`,
        [right.map(({ id }) => id), right.map(({ fio }) => fio)],
        database,
      );
    },
  ),
  recovery: surgicalRescue({
    target: beforeAccident(),
    table: 'book.tickets',
    // Names that are NULL were overwritten, too: `fio <> 'TYPO'` would leave them out.
    where: "fio IS DISTINCT FROM 'TYPO'",
    into: 'merge',
  }),
});
