import { PgdrillError } from '../../record/errors';
import type { ColumnFacts, RescueFacts, RescueRequest, TableFacts } from './surgical-facts';
import { quotedTableName, shownName } from './surgical-names';

/** What is done with the table as a whole, once both servers' catalogues were read. */
export interface RescueShape {
  /** Where the rows go, as SQL writes it. */
  into: string;
  /** `as-it-was`: the table is gone and made anew with all that belongs to it. `copy`: a new table with its columns. */
  create?: 'as-it-was' | 'copy';
  /** Columns that are copied, in the order of the table at the target. */
  columns: ColumnFacts[];
  /** Columns by which a row is found again; none in a table that is made without a key. */
  key: string[];
  /** Columns that are compared, and written into rows that are there. */
  values: string[];
}

/**
 * Decides how rows can come back, by the shapes of the table at the target and now.
 * @throws PGDRILL_RESCUE_NOTHING, PGDRILL_RESCUE_SHAPE, PGDRILL_RESCUE_NAME
 */
export function rescueShape(request: RescueRequest, facts: RescueFacts): RescueShape {
  const { aside, there } = facts;
  const table = shownName(request.table);
  if (!aside) {
    throw new PgdrillError(
      'PGDRILL_RESCUE_NOTHING',
      `there was no table ${table} in database ${request.database} at the target${there ? ', though there is one now' : ''}`,
      'choose a target at which it was there, or look at its name: it is taken as it stands, upper case too',
    );
  }
  refuseKind(table, aside);
  if (request.into === 'new-table') return copyShape(request, facts, aside);
  const columns = aside.columns.filter((column) => !column.generated);
  const shape = { into: quotedTableName(request.table), columns, key: aside.key, values: valuesOf(columns, aside.key) };
  if (!there) return { ...shape, create: 'as-it-was' };
  refuseKind(table, there);
  if (aside.key.length === 0) {
    throw new PgdrillError(
      'PGDRILL_RESCUE_SHAPE',
      `${table} has no primary key, so that nothing tells which of its rows are there already`,
      `bring them back into a table of their own: --into ${table}_rescued`,
    );
  }
  refuseOtherShape(request, aside, there);
  return shape;
}

function copyShape(request: RescueRequest, facts: RescueFacts, aside: TableFacts): RescueShape {
  const { newTable } = request;
  if (!newTable || facts.newTableThere) {
    throw new PgdrillError(
      'PGDRILL_RESCUE_NAME',
      newTable ? `there is a table ${shownName(newTable)} already on ${facts.leader}` : 'the table to make has no name',
      'give the name of a table that is not there: --into schema.table',
    );
  }
  return {
    into: quotedTableName(newTable),
    create: 'copy',
    columns: aside.columns,
    key: aside.key,
    values: valuesOf(aside.columns, aside.key),
  };
}

function valuesOf(columns: readonly ColumnFacts[], key: readonly string[]): string[] {
  return columns.filter(({ name }) => !key.includes(name)).map(({ name }) => name);
}

function refuseKind(table: string, { kind, persistence, inherits }: TableFacts): void {
  const what =
    kind !== 'r' && kind !== 'p'
      ? 'is no table: it holds no rows of its own'
      : persistence !== 'p'
        ? 'is unlogged: no recovery brings its rows back'
        : kind === 'r' && inherits
          ? 'is a partition or inherits: its rows belong to another table, too'
          : undefined;
  if (what === undefined) return;
  throw new PgdrillError('PGDRILL_RESCUE_SHAPE', `${table} ${what}`, 'name the table that holds the rows');
}

/** The columns at the target have to be there now, of the same type, and the same ones be the key. */
function refuseOtherShape({ table, into }: RescueRequest, aside: TableFacts, there: TableFacts): void {
  const now = new Map(there.columns.map((column) => [column.name, column]));
  const problems = aside.columns.flatMap((column) => {
    const one = now.get(column.name);
    if (!one) return [`column ${column.name} is not there now`];
    if (one.type !== column.type) return [`column ${column.name} was ${column.type} and is ${one.type}`];
    if (one.generated !== column.generated)
      return [`column ${column.name} is ${one.generated ? '' : 'no longer '}generated`];
    return [];
  });
  if (aside.key.join('\0') !== there.key.join('\0'))
    problems.push(`the primary key was (${aside.key.join(', ')}) and is (${there.key.join(', ')})`);
  const fixed = there.columns.filter(({ name, identity }) => identity === 'always' && !aside.key.includes(name));
  if (into !== 'keep' && fixed.length > 0)
    problems.push(`column ${fixed[0]!.name} is GENERATED ALWAYS AS IDENTITY: no UPDATE may set it`);
  if (problems.length === 0) return;
  throw new PgdrillError(
    'PGDRILL_RESCUE_SHAPE',
    `${shownName(table)} is another table now than at the target: ${problems.slice(0, 5).join('; ')}`,
    `bring the rows back into a table of their own, and put them over by hand: --into ${shownName(table)}_rescued`,
  );
}
