import { compareLsn } from '../../formats/lsn';
import { endsTransaction, type WalRecord } from '../../formats/waldump';

/** Transactions that a recovered leader committed, which going back to the old one throws away. */
export interface WrittenTransactions {
  count: number;
  /** When the first was committed, in UTC. */
  since?: string;
}

/**
 * Relations that ANALYZE writes, autovacuum's too, by the number that they have from initdb on (pg_statistic,
 * pg_statistic_ext_data, their TOAST tables and indexes: catalog/pg_statistic.h, pg_statistic_ext_data.h). What is in them is
 * computed again. One that VACUUM FULL has moved is counted as a write: rather one too many.
 */
export const statisticsFiles = [2619, 2696, 2840, 2841, 3429, 3430, 3431, 3433] as const;

/**
 * Program for awk: of the lines of pg_waldump, the transactions that changed something, one a line. A transaction that only
 * took a number (`pg_current_xact_id()`, a probe of pgdrill's or Patroni's) has nothing but its end; one of ANALYZE only
 * touches statistics.
 */
export const writersProgram = `
/^rmgr: (Transaction|Standby|XLOG) / { next }
match($0, /tx: +[0-9]+/) {
  tx = substr($0, RSTART + 3, RLENGTH - 3)
  gsub(/ /, "", tx)
  if (tx == "0" || tx in seen) next
  rest = $0; named = 0; other = 0
  while (match(rest, /rel [0-9]+\\/[0-9]+\\/[0-9]+/)) {
    named = 1
    n = split(substr(rest, RSTART, RLENGTH), part, "/")
    if (!(part[n] in statistics)) other = 1
    rest = substr(rest, RSTART + RLENGTH)
  }
  # In place: the counts in pg_class and pg_database that ANALYZE and VACUUM leave behind.
  if ($0 ~ /desc: INPLACE/) next
  if (!named || other) { seen[tx] = 1; print tx }
}`;

/**
 * Counts transactions that were committed and changed something.
 * @param records transaction records of the recovered branch, in any order, some of them perhaps twice: the first segment
 * of a timeline begins with a copy of the one it left
 * @param writers numbers of the transactions and subtransactions that changed something
 * @param branchLsn where the branch begins; what lies before is the old history's
 */
export function writtenTransactions(
  records: readonly WalRecord[],
  writers: ReadonlySet<string>,
  branchLsn: string,
): WrittenTransactions {
  const counted = new Map<string, string>();
  for (const record of records) {
    if (!endsTransaction(record) || !record.transaction!.action.startsWith('COMMIT')) continue;
    if (compareLsn(record.lsn, branchLsn) < 0) continue;
    const numbers = [record.transaction!.xid, ...subtransactionsOf(record.detail)];
    if (numbers.some((xid) => writers.has(xid))) counted.set(record.lsn, record.transaction!.time);
  }
  const since = [...counted.values()].sort()[0];
  return { count: counted.size, ...(since === undefined ? {} : { since }) };
}

/** The subtransactions that a commit record names: `…; subxacts: 741 742; …` (xactdesc.c, xact_desc_subxacts). */
function subtransactionsOf(detail: string): string[] {
  return (/\bsubxacts: ([\d ]+)/.exec(detail)?.[1] ?? '').split(' ').filter(Boolean);
}
