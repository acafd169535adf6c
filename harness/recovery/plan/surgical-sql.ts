import type { RescueInto } from '../../record/rescue';
import type { ColumnFacts, ForeignKeyFacts } from './surgical-facts';
import { quotedColumn as q } from './surgical-names';
import type { RescueShape } from './surgical-shape';

/** Where the chosen rows lie on the leader while they are compared and brought back: gone with the session. */
export const STAGED = 'pg_temp.pgdrill_rescue';

/** Rows shown of each kind. */
const SHOWN = 3;
/** Characters of a row's text that are shown. */
const ROW_TEXT = 160;

function typed({ type, collation }: ColumnFacts): string {
  return collation === undefined ? type : `${type} COLLATE ${collation}`;
}

/**
 * SQL of a rescue. The leader's table stands under its own name, never an alias: a predicate may say `orders.id` or
 * `id`. Rows are compared by their text, column by column: `json` has no equality, and 1.0 is not 1.00.
 */
export class RescueSql {
  private readonly predicate: string;

  constructor(
    private readonly shape: RescueShape,
    private readonly intoMode: RescueInto,
    where: string | undefined,
  ) {
    // A line break ends a comment in it.
    this.predicate = where === undefined ? 'true' : `(${where}\n)`;
  }

  /** Of the server aside. @param from the table there */
  copyOut(from: string): string {
    return `COPY (SELECT ${this.columns()} FROM ${from} WHERE ${this.predicate}) TO STDOUT`;
  }

  digestAside(from: string): string {
    return `SELECT ${this.digestOf(from)} FROM ${from} WHERE ${this.predicate}`;
  }

  /** Rows of which the predicate is NULL: SQL does not choose them, and people forget it. */
  undecided(from: string): string {
    return `SELECT count(*)::text AS rows FROM ${from} WHERE ${this.predicate} IS NULL`;
  }

  /** Makes the predicate be read without being run; a second command in it is refused by the protocol. */
  tryPredicate(from: string): string {
    return `SELECT FROM ${from} WHERE ${this.predicate} LIMIT 0`;
  }

  stage(): string {
    const columns = this.shape.columns.map((column) => `${q(column.name)} ${typed(column)}`);
    return `CREATE TEMP TABLE pgdrill_rescue (${columns.join(', ')})`;
  }

  copyIn(): string {
    return `COPY ${STAGED} (${this.columns()}) FROM STDIN`;
  }

  stagedDigest(): string {
    return `SELECT ${this.digestOf(STAGED)} FROM ${STAGED}`;
  }

  /** How the staged rows compare with those that are there. No column of a primary key is ever NULL. */
  counts(): string {
    const { into, key } = this.shape;
    const there = `${into}.${q(key[0] ?? '')} IS NOT NULL`;
    return `SELECT count(*)::text AS chosen, count(*) FILTER (WHERE NOT ${there})::text AS missing,
      count(*) FILTER (WHERE ${there} AND ${this.differs(into)})::text AS differing,
      (SELECT count(*) FROM ${into} WHERE ${this.extra()})::text AS extra
      FROM ${STAGED} LEFT JOIN ${into} ON ${this.sameKey(into)}`;
  }

  samples(): string {
    const { into } = this.shape;
    const text = (of: string) =>
      `left(${this.rowText(
        of,
        this.shape.columns.map(({ name }) => name),
      )}, ${ROW_TEXT})`;
    return `(SELECT 'missing' AS kind, ${this.keyText(STAGED)} AS key, ${text(STAGED)} AS "atTarget", NULL AS now FROM ${STAGED}
        WHERE NOT EXISTS (SELECT FROM ${into} WHERE ${this.sameKey(into)}) ORDER BY 2 LIMIT ${SHOWN})
      UNION ALL (SELECT 'differing', ${this.keyText(STAGED)}, ${text(STAGED)}, ${text(into)} FROM ${STAGED} JOIN ${into} ON ${this.sameKey(into)}
        WHERE ${this.differs(into)} ORDER BY 2 LIMIT ${SHOWN})
      UNION ALL (SELECT 'extra', ${this.keyText(into)}, NULL, ${text(into)} FROM ${into} WHERE ${this.extra()} ORDER BY 2 LIMIT ${SHOWN})`;
  }

  /**
   * Rows to be written whose referenced row is not there, and is not among them either.
   * @param there whether the table referred to is there; one that refers to itself may not be
   */
  orphans({ columns, to, toColumns, from }: ForeignKeyFacts, there: boolean): { count: string; examples: string } {
    const { into } = this.shape;
    const refers = (parent: string) =>
      columns.map((column, at) => `${parent}.${q(toColumns[at] ?? '')} = ${STAGED}.${q(column)}`).join(' AND ');
    // A row may refer to one that comes back with it.
    const self = from === to ? ` AND NOT EXISTS (SELECT FROM ${STAGED} AS parent WHERE ${refers('parent')})` : '';
    const where = `${columns.map((column) => `${STAGED}.${q(column)} IS NOT NULL`).join(' AND ')}
      ${there ? `AND NOT EXISTS (SELECT FROM ${to} AS parent WHERE ${refers('parent')})` : ''}${self}
      AND ${this.shape.create ? 'true' : this.written(into)}`;
    return {
      count: `SELECT count(*)::text AS rows FROM ${STAGED} WHERE ${where}`,
      examples: `SELECT DISTINCT ${this.rowText(STAGED, columns)} AS value FROM ${STAGED} WHERE ${where} LIMIT ${SHOWN}`,
    };
  }

  /** Rows elsewhere that refer to a row which is to be removed, or to a value of it that is to change. */
  children({ from, columns, toColumns }: ForeignKeyFacts): string {
    const { into, key } = this.shape;
    const refers = columns.map((column, at) => `child.${q(column)} = ${into}.${q(toColumns[at] ?? '')}`).join(' AND ');
    const removed =
      this.intoMode === 'replace' ? `EXISTS (SELECT FROM ${into} WHERE ${this.extra()} AND ${refers})` : 'false';
    const other = toColumns.filter((column) => !key.includes(column));
    const moved =
      this.intoMode === 'keep' || other.length === 0
        ? 'false'
        : `EXISTS (SELECT FROM ${into} JOIN ${STAGED} ON ${this.sameKey(into)}
             WHERE ${refers} AND ${this.rowText(STAGED, other)} IS DISTINCT FROM ${this.rowText(into, other)})`;
    // One that refers to itself, or to another that goes with it, is no hindrance.
    const own = from === into ? ` AND NOT (${this.goes('child')})` : '';
    return `SELECT count(*)::text AS rows FROM ${from} AS child WHERE (${removed} OR ${moved})${own}`;
  }

  lockExtra(): string {
    return `SELECT FROM ${this.shape.into} WHERE ${this.extra()} FOR UPDATE`;
  }

  remove(): string {
    return `DELETE FROM ${this.shape.into} WHERE ${this.extra()}`;
  }

  update(): string {
    const { into, values } = this.shape;
    const set = values.map((name) => `${q(name)} = ${STAGED}.${q(name)}`).join(', ');
    return `UPDATE ${into} SET ${set} FROM ${STAGED} WHERE ${this.sameKey(into)} AND ${this.differs(into)}`;
  }

  insert(): string {
    const { into, create } = this.shape;
    const missing = create ? '' : ` WHERE NOT EXISTS (SELECT FROM ${into} WHERE ${this.sameKey(into)})`;
    return `INSERT INTO ${into} (${this.columns()}) OVERRIDING SYSTEM VALUE SELECT ${this.columns()} FROM ${STAGED}${missing}`;
  }

  /** Of a table that is made with the columns alone. */
  createCopy(): string {
    const { into, columns, key } = this.shape;
    const lines = columns.map((column) => `${q(column.name)} ${typed(column)}${column.notNull ? ' NOT NULL' : ''}`);
    const primary = key.length > 0 ? [`PRIMARY KEY (${key.map(q).join(', ')})`] : [];
    return `CREATE TABLE ${into} (${[...lines, ...primary].join(', ')})`;
  }

  /** Digest of the rows of the leader that are as staged; with `left`, how many of the staged ones are not. */
  sameDigest(): string {
    const { into } = this.shape;
    if (this.shape.key.length === 0) return `SELECT ${this.digestOf(into)} FROM ${into}`;
    return `SELECT ${this.digestOf(into)} FROM ${into} JOIN ${STAGED} ON ${this.sameKey(into)} WHERE NOT ${this.differs(into)}`;
  }

  /** Digest of the staged rows that have to be on the leader as they are. */
  dueDigest(): string {
    const { into, key } = this.shape;
    const left =
      this.intoMode === 'keep' && key.length > 0
        ? ` WHERE NOT EXISTS (SELECT FROM ${into} WHERE ${this.sameKey(into)} AND ${this.differs(into)})`
        : '';
    return `SELECT ${this.digestOf(STAGED)} FROM ${STAGED}${left}`;
  }

  /** Keys of the rows that are due, as text, for the other members to be asked for. */
  dueKeys(): string {
    const { into, key } = this.shape;
    const texts = key.map((name, at) => `${STAGED}.${q(name)}::text AS k${at}`).join(', ');
    return `SELECT ${texts} FROM ${into} JOIN ${STAGED} ON ${this.sameKey(into)} WHERE NOT ${this.differs(into)}`;
  }

  /** Digest of rows by their keys: one array of text for each column of the key. */
  digestByKeys(): string {
    const { into, key, columns } = this.shape;
    const typeOf = (name: string) => columns.find((column) => column.name === name)?.type ?? 'text';
    // Two collations that both come from somewhere cannot be compared: the table's own decides.
    const collated = (name: string) => {
      const collation = columns.find((column) => column.name === name)?.collation;
      return collation === undefined ? '' : ` COLLATE ${collation}`;
    };
    const arrays = key.map((name, at) => `$${at + 1}::text[]::${typeOf(name)}[]`).join(', ');
    const names = key.map((_, at) => `k${at}`).join(', ');
    const joined = key.map((name, at) => `${into}.${q(name)} = due.k${at}${collated(name)}`).join(' AND ');
    return `SELECT ${this.digestOf(into)} FROM ${into} JOIN unnest(${arrays}) AS due(${names}) ON ${joined}`;
  }

  digestOfAll(): string {
    return `SELECT ${this.digestOf(this.shape.into)} FROM ${this.shape.into}`;
  }

  private columns(): string {
    return this.shape.columns.map(({ name }) => q(name)).join(', ');
  }

  private digestOf(of: string): string {
    const row = this.rowText(
      of,
      this.shape.columns.map(({ name }) => name),
    );
    return `count(*)::text AS rows, coalesce(sum(hashtextextended(${row}, 0)::numeric), 0)::text AS sum`;
  }

  private rowText(of: string, columns: readonly string[]): string {
    return `ROW(${columns.map((name) => `${of}.${q(name)}`).join(', ')})::text COLLATE "C"`;
  }

  private keyText(of: string): string {
    return `${this.rowText(of, this.shape.key)}`;
  }

  private sameKey(into: string): string {
    return this.shape.key.map((name) => `${into}.${q(name)} = ${STAGED}.${q(name)}`).join(' AND ');
  }

  private differs(into: string): string {
    const { values } = this.shape;
    if (values.length === 0) return '(false)';
    return `(${this.rowText(into, values)} IS DISTINCT FROM ${this.rowText(STAGED, values)})`;
  }

  private extra(): string {
    const { into } = this.shape;
    return `${this.predicate} AND NOT EXISTS (SELECT FROM ${STAGED} WHERE ${this.sameKey(into)})`;
  }

  /** Whether a staged row is written: it is missing, or it differs and the mode writes over what is there. */
  private written(into: string): string {
    const there = `EXISTS (SELECT FROM ${into} WHERE ${this.sameKey(into)}`;
    if (this.intoMode === 'keep') return `NOT ${there})`;
    return `(NOT ${there}) OR ${there} AND ${this.differs(into)}))`;
  }

  /** Whether a row of the table, by an alias, is one of those to be removed. */
  private goes(alias: string): string {
    const { into, key } = this.shape;
    if (this.intoMode !== 'replace') return 'false';
    const same = key.map((name) => `${into}.${q(name)} = ${alias}.${q(name)}`).join(' AND ');
    return `EXISTS (SELECT FROM ${into} WHERE ${same} AND ${this.extra()})`;
  }
}
