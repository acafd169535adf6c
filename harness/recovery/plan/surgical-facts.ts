import type { RescueInto } from '../../record/rescue';
import type { RecoveryTarget } from '../../record/recovery';

/** What is asked of a surgical rescue. */
export interface RescueRequest {
  target: RecoveryTarget;
  /** Barman's id, `latest` or `auto`. */
  backup: string;
  targetTimeline: number;
  database: string;
  table: TableName;
  /** SQL that chooses rows, by their values at the target. Without it, all. */
  where?: string;
  into: RescueInto;
  /** The table to make, with `new-table`. */
  newTable?: TableName;
}

export interface TableName {
  schema: string;
  name: string;
}

export interface ColumnFacts {
  name: string;
  /** As `format_type` says it. */
  type: string;
  /** As SQL writes it, where it is not the type's own. */
  collation?: string;
  notNull: boolean;
  /** GENERATED ALWAYS AS (…): nobody writes it. */
  generated: boolean;
  /** GENERATED … AS IDENTITY: `always`, `by default`; absent otherwise. */
  identity?: 'always' | 'by default';
}

/** A foreign key, of the table or to it. Names of tables as SQL writes them. */
export interface ForeignKeyFacts {
  name: string;
  from: string;
  columns: string[];
  to: string;
  toColumns: string[];
  definition: string;
}

export interface SequenceFacts {
  /** As SQL writes it. */
  name: string;
  column: string;
  /** Counts up and does not start again: it may not be behind its column. */
  ascending: boolean;
  lastValue: string;
  called: boolean;
}

/** A table as the catalogue of one server has it. */
export interface TableFacts {
  /** relkind: `r` is a table, `p` one with partitions; others hold no rows to bring back. */
  kind: string;
  persistence: string;
  /** Whether it is a child or a parent by inheritance, or a partition. */
  inherits: boolean;
  columns: ColumnFacts[];
  /** Columns of the primary key, in its order. */
  key: string[];
  /** Triggers of the user's that fire on writes of ordinary sessions, with how they are enabled. */
  triggers: { name: string; always: boolean }[];
  references: ForeignKeyFacts[];
  referencedBy: ForeignKeyFacts[];
  sequences: SequenceFacts[];
  /** Views that read it. */
  views: string[];
}

/** What the two servers have of the table, before rows are compared. */
export interface RescueFacts {
  leader: string;
  aside: TableFacts | undefined;
  there: TableFacts | undefined;
  /** Whether the table to be made is there already. */
  newTableThere: boolean;
}

/** How the rows at the target compare with the leader's, by primary key. Numbers as text: 64 bits. */
export interface ComparedRows {
  chosen: string;
  /** Rows at the target of which the predicate says neither yes nor no, for a value in it is NULL: not chosen. */
  undecided: string;
  missing: string;
  differing: string;
  /** Rows of the leader that the predicate chooses and that were not there at the target. */
  extra: string;
  /** Foreign keys of rows to be written whose referenced row is not there. */
  orphans: { key: ForeignKeyFacts; rows: string; examples: string[] }[];
  /** Foreign keys of other rows to rows that would be removed or get another referenced value. */
  children: { key: ForeignKeyFacts; rows: string }[];
  /** The first rows of each kind, for a person. */
  samples: RowSample[];
}

export interface RowSample {
  kind: 'missing' | 'differing' | 'extra';
  key: string;
  atTarget?: string;
  now?: string;
}
