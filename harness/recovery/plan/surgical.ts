import { PgdrillError } from '../../record/errors';
import type { PlannedStep } from '../../record/recovery';
import type { ComparedRows, RescueFacts, RescueRequest, RowSample, SequenceFacts } from './surgical-facts';
import { quotedTableName, shownName } from './surgical-names';
import type { RescueShape } from './surgical-shape';

/** What a rescue will do: shown before it does it. Numbers as text: 64 bits. */
export interface RescuePlan {
  shape: RescueShape;
  /** Rows that come, change, go, and those that are otherwise than at the target and stay so. */
  will: { insert: string; update: string; remove: string; leave: string };
  chosen: string;
  samples: RowSample[];
  /** Triggers that are disabled in the transaction, for nobody else can write meanwhile. */
  triggers: { name: string; always: boolean }[];
  /** Sequences that are moved on where they are behind their column. */
  sequences: SequenceFacts[];
  steps: PlannedStep[];
  warnings: string[];
}

/**
 * Plans what a rescue writes on the leader, in one transaction: a pure function of what is asked for, the shapes of the
 * table, and the comparison of its rows.
 * @throws PGDRILL_RESCUE_NOTHING, PGDRILL_RESCUE_PARENTS, PGDRILL_RESCUE_CHILDREN
 */
export function planRescue(
  request: RescueRequest,
  facts: RescueFacts,
  shape: RescueShape,
  rows: ComparedRows,
): RescuePlan {
  const table = shownName(request.table);
  if (rows.chosen === '0' && !(shape.create === 'as-it-was' && request.where === undefined)) {
    throw new PgdrillError(
      'PGDRILL_RESCUE_NOTHING',
      `${request.where === undefined ? `${table} had no row` : `no row of ${table} met (${request.where})`} at the target`,
      'choose another target or predicate: it is held against the values that rows had at the target',
    );
  }
  refuseOrphans(table, request, rows);
  refuseChildren(request, rows);
  const will = {
    insert: shape.create ? rows.chosen : rows.missing,
    update: !shape.create && (request.into === 'merge' || request.into === 'replace') ? rows.differing : '0',
    remove: !shape.create && request.into === 'replace' ? rows.extra : '0',
    leave: !shape.create && request.into === 'keep' ? rows.differing : '0',
  };
  if (will.insert === '0' && will.update === '0' && will.remove === '0' && !shape.create) {
    throw new PgdrillError(
      'PGDRILL_RESCUE_NOTHING',
      `nothing would change: of ${rows.chosen} rows at the target none is missing${will.leave === '0' ? ', and none differs' : `, and the ${will.leave} that differ stay with --into keep`}`,
      will.leave === '0'
        ? 'there is nothing to bring back; look whether the target lies before the accident'
        : 'give differing rows the values they had: --into merge',
    );
  }
  const triggers = shape.create ? [] : (facts.there?.triggers ?? []);
  const source = shape.create === 'as-it-was' ? facts.aside : shape.create ? undefined : facts.there;
  const sequences = source?.sequences ?? [];
  return {
    shape,
    will,
    chosen: rows.chosen,
    samples: rows.samples,
    triggers,
    sequences,
    steps: stepsOf(request, facts, shape, will),
    warnings: warningsOf(request, facts, { shape, triggers, will, undecided: rows.undecided }),
  };
}

/** Whether what is found when the table is locked is still what was shown; rows that others repaired meanwhile are. */
export function refuseMoved(plan: RescuePlan, now: RescuePlan['will']): void {
  const more = (['update', 'remove'] as const).find((kind) => BigInt(now[kind]) > BigInt(plan.will[kind]));
  if (more === undefined) return;
  throw new PgdrillError(
    'PGDRILL_RESCUE_MOVED',
    `the table has changed since the plan was shown: ${now[more]} rows would be ${more === 'update' ? 'overwritten' : 'removed'}, ${plan.will[more]} were shown`,
    'nothing was changed; run it again to see what it would do now',
  );
}

/** Of one rule: what a row refers to has to be there before it comes back. */
function refuseOrphans(table: string, request: RescueRequest, { orphans }: ComparedRows): void {
  const found = orphans.filter(({ rows }) => rows !== '0');
  const [first] = found;
  if (!first) return;
  const said = found.map(
    ({ key, rows, examples }) =>
      `${rows} rows refer by ${key.name} (${key.columns.join(', ')}) to rows of ${key.to} that are not there: ${examples.join(', ')}`,
  );
  throw new PgdrillError(
    'PGDRILL_RESCUE_PARENTS',
    `rows of ${table} cannot come back alone: ${said.join('; ')}`,
    `bring those of ${first.key.to} back first: pgdrill rescue … --database ${request.database} --table ${first.key.to.replaceAll('"', '')}; or choose fewer rows with --where`,
  );
}

/** ON DELETE CASCADE would take them along unseen, anything else would fail in the middle. */
export function refuseChildren(request: RescueRequest, { children }: Pick<ComparedRows, 'children'>): void {
  const found = children.filter(({ rows }) => rows !== '0');
  if (found.length === 0) return;
  const said = found.map(({ key, rows }) => `${rows} rows of ${key.from} by ${key.name}`);
  throw new PgdrillError(
    'PGDRILL_RESCUE_CHILDREN',
    `rows of ${shownName(request.table)} that would be removed or changed are referred to: ${said.join(', ')}`,
    'leave rows that came after the target as they are: --into merge; or choose fewer rows with --where',
  );
}

function warningsOf(
  request: RescueRequest,
  { aside, there }: RescueFacts,
  { shape, triggers, will, undecided }: Pick<RescuePlan, 'shape' | 'triggers' | 'will'> & { undecided: string },
): string[] {
  const table = shownName(request.table);
  const warnings: string[] = [];
  if (undecided !== '0')
    warnings.push(
      `of ${undecided} rows the predicate says neither yes nor no, as a value in it is NULL: they are not chosen (IS DISTINCT FROM, IS NULL)`,
    );
  if (triggers.length > 0)
    warnings.push(
      `triggers do not fire for these rows, which come back as they were: ${triggers.map(({ name }) => name).join(', ')}`,
    );
  if (will.leave !== '0')
    warnings.push(
      `${will.leave} rows are otherwise now than at the target, and stay so (--into merge gives them back)`,
    );
  if (shape.create === 'as-it-was' && request.where !== undefined)
    warnings.push(`${table} is gone and comes back with the chosen rows alone`);
  if (shape.create === 'as-it-was' && aside) {
    for (const { name, from, definition } of aside.referencedBy.filter(
      (key) => key.from !== quotedTableName(request.table),
    ))
      warnings.push(
        `the foreign key ${name} of ${from} to it went with it and is not brought back: ALTER TABLE ${from} ADD CONSTRAINT "${name}" ${definition}`,
      );
    if (aside.views.length > 0)
      warnings.push(`views that read it went with it and are not brought back: ${aside.views.join(', ')}`);
  }
  if (shape.create === 'copy')
    warnings.push('the new table has columns and key only: no index, trigger, foreign key or right of the other');
  const added = there && !shape.create ? there.columns.filter((column) => isNew(column.name, aside)) : [];
  if (added.length > 0)
    warnings.push(
      `columns that were not there at the target keep their values: ${added.map(({ name }) => name).join(', ')}`,
    );
  return warnings;
}

function isNew(name: string, aside: RescueFacts['aside']): boolean {
  return aside !== undefined && !aside.columns.some((column) => column.name === name);
}

/** What is done from here on, with the commands that a person would type for the same. */
function stepsOf(
  { database, table, where, into }: RescueRequest,
  { leader }: RescueFacts,
  shape: RescueShape,
  will: RescuePlan['will'],
): PlannedStep[] {
  const chosen = `SELECT * FROM ${quotedTableName(table)}${where === undefined ? '' : ` WHERE ${where}`}`;
  const psql = (container: string, sql: string) =>
    `docker exec -i ${container} psql -U postgres -h localhost -d ${database} -c ${word(sql)}`;
  const dump = (section: string) =>
    `docker exec aside pg_dump -U postgres -s --section=${section} -t ${word(quotedTableName(table))} ${database} | docker exec -i ${leader} psql -U postgres -h localhost -d ${database} -1`;
  const copy = `${psql('aside', `COPY (${chosen}) TO STDOUT`)} | ${psql(leader, `COPY ${shape.into} FROM STDIN`)}`;
  const counts = [
    `${will.insert} come back`,
    ...(will.update === '0' ? [] : [`${will.update} get the values they had`]),
    ...(will.remove === '0' ? [] : [`${will.remove} that came later go`]),
    ...(will.leave === '0' ? [] : [`${will.leave} stay as they are`]),
  ];
  const commands = {
    'as-it-was': [dump('pre-data'), copy, dump('post-data')],
    copy: [psql(leader, `CREATE TABLE ${shape.into} (LIKE ${quotedTableName(table)})`), copy],
    none: [
      psql(leader, `CREATE TABLE rescued (LIKE ${quotedTableName(table)})`),
      `${psql('aside', `COPY (${chosen}) TO STDOUT`)} | ${psql(leader, 'COPY rescued FROM STDIN')}`,
      psql(
        leader,
        `INSERT INTO ${shape.into} SELECT * FROM rescued ON CONFLICT (${shape.key.join(', ')}) ${into === 'keep' ? 'DO NOTHING' : `DO UPDATE SET ${shape.values.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}`}`,
      ),
    ],
  };
  return [
    {
      id: 'rows-back',
      title: `${shape.create === 'as-it-was' ? 'make the table anew and ' : ''}bring rows of ${shownName(table)} back on ${leader}: ${counts.join(', ')}`,
      changes: `${shape.into} in database ${database}, in one transaction; writers of this table wait for it, no other`,
      commands: commands[shape.create ?? 'none'],
      undo: 'not committed, nothing has changed; once it is, it is a write like any other',
    },
    {
      id: 'same-everywhere',
      title: 'see the same rows on every member, once it has replayed them',
      changes: 'nothing',
      commands: [psql('db1', `SELECT count(*) FROM ${shape.into}`)],
    },
    {
      id: 'remove-aside',
      title: 'remove the server aside',
      changes: 'its container, network and data',
      commands: ['docker rm -f aside'],
    },
  ];
}

/** A word as a shell takes it for one. */
function word(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
