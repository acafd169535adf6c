/** Rows of one table by key and digest; how often each is there, as tables without a key hold equal rows. */
export interface DigestedRow {
  key: string;
  digest: string;
  times: number;
}

export interface RowDifference {
  key: string;
  how: 'missing' | 'added' | 'changed';
  /** How many such rows. */
  times: number;
}

export interface RowDifferences {
  /** How many rows differ in all; a changed one counts once. */
  differing: number;
  /** The first of them by key. */
  first: RowDifference[];
}

/**
 * Compares the rows that were there before with those that are there now, fed one by one.
 *
 * What is held in memory is one count for each different row of before.
 */
export class RowComparison {
  /** Times before minus times now, by key and digest. */
  private readonly left = new Map<string, number>();

  /** @param keyed whether the key tells rows apart, so that one may have changed; else a row is its own key */
  constructor(private readonly keyed: boolean) {}

  before(row: DigestedRow): void {
    this.count(row, row.times);
  }

  now(row: DigestedRow): void {
    this.count(row, -row.times);
  }

  /** @param shown how many differences to tell, by key: numbers in the order of numbers, else by character code */
  differences(shown: number): RowDifferences {
    const missing = new Map<string, number>();
    const added = new Map<string, number>();
    for (const [name, times] of this.left) {
      const key = name.slice(name.indexOf('\t') + 1);
      const side = times > 0 ? missing : added;
      side.set(key, (side.get(key) ?? 0) + Math.abs(times));
    }
    const found: RowDifference[] = [];
    const tell = (key: string, how: RowDifference['how'], times: number): void => {
      if (times > 0) found.push({ key, how, times });
    };
    for (const key of new Set([...missing.keys(), ...added.keys()])) {
      const gone = missing.get(key) ?? 0;
      const come = added.get(key) ?? 0;
      const changed = this.keyed ? Math.min(gone, come) : 0;
      tell(key, 'changed', changed);
      tell(key, 'missing', gone - changed);
      tell(key, 'added', come - changed);
    }
    const differing = found.reduce((sum, { times }) => sum + times, 0);
    const numbered = found.every(({ key }) => /^-?\d+$/.test(key));
    found.sort((a, b) => (numbered ? compareNumbers(a.key, b.key) : compareTexts(a.key, b.key)));
    return { differing, first: found.slice(0, shown) };
  }

  private count({ key, digest }: DigestedRow, times: number): void {
    const name = `${digest}\t${key}`;
    const left = (this.left.get(name) ?? 0) + times;
    if (left === 0) this.left.delete(name);
    else this.left.set(name, left);
  }
}

function compareNumbers(a: string, b: string): number {
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Lines that are in one list and not in the other, each as often as it is; in the order of the text. */
export function lineDifferences(
  before: readonly string[],
  now: readonly string[],
): { how: 'missing' | 'added'; line: string }[] {
  const left = new Map<string, number>();
  for (const line of before) left.set(line, (left.get(line) ?? 0) + 1);
  for (const line of now) left.set(line, (left.get(line) ?? 0) - 1);
  return [...left]
    .filter(([, times]) => times !== 0)
    .sort(([a], [b]) => compareTexts(a, b))
    .flatMap(([line, times]) =>
      Array.from({ length: Math.abs(times) }, () => ({
        how: times > 0 ? ('missing' as const) : ('added' as const),
        line,
      })),
    );
}
