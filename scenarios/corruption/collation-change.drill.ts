import {
  awaitSymptom,
  collationVersion,
  defineDrill,
  heal,
  indexLeaf,
  refreshVersion,
  reindex,
  sequence,
  thai,
} from 'pgdrill';

const plain = thai('tiny');
const collation = 'th-x-icu';

/** Surnames, sorted as in a Thai dictionary: by ICU, whose rules change from version to version. */
const dataset: typeof plain = {
  ...plain,
  async load(context) {
    const loaded = await plain.load(context);
    const client = await context.connect(loaded.database);
    await client.query(`CREATE INDEX fam_thai ON book.fam (fam COLLATE "${collation}")`);
    await client.end();
    return loaded;
  },
};

/** What an upgrade of the operating system does: the index is in the order of the old rules, the server compares by the new. */
export default defineDrill({
  id: 'collation-change',
  title:
    'a collation of another version than its index was built with: warned of, cured by REINDEX and REFRESH VERSION',
  labels: ['corruption'],
  dataset,
  accident: sequence(indexLeaf({ on: 'leader', relation: 'book.fam_thai' }), collationVersion({ collation })),
  recovery: heal({
    title: 'REINDEX, then REFRESH VERSION',
    cures: [
      awaitSymptom('leader', /collation "th-x-icu" has version mismatch/, {
        // A comparison: only then the server looks for the version. It reads an index in order without any.
        asks: `SELECT fam COLLATE "${collation}" < 'ม' FROM book.fam LIMIT 1`,
      }),
      reindex('book.fam_thai'),
      refreshVersion(collation),
    ],
  }),
});
