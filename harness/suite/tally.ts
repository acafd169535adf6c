import path from 'node:path';

/** The levels of tests, in the order in which they are run: cheap ones first. */
export const testLevels = ['unit', 'contract', 'engine', 'cluster', 'cli', 'drills'] as const;
export type TestLevel = (typeof testLevels)[number];

/** The level that a test file's name says. */
export function levelOf(file: string): TestLevel {
  const name = path.basename(file);
  if (/\.drill\.[cm]?[jt]s$/.test(name)) return 'drills';
  const level = /\.(contract|engine|cluster|cli)\.test\.ts$/.exec(name)?.[1];
  return testLevels.find((one) => one === level) ?? 'unit';
}

/** What a test file gave. */
export interface FileCounts {
  passed: number;
  failed: number;
  skipped: number;
  /** It could not be loaded or died: counts as one failed, beside what it had run. */
  broken: boolean;
}

/** Counts over all test files of a command, which may be several runs of Jest. */
export class Tally {
  private passed = 0;
  private failed = 0;
  private skipped = 0;
  private readonly files: { level: TestLevel; file: string; ms: number }[] = [];
  private readonly levels = new Map<TestLevel, { ms: number; files: number; passed: number; failed: number }>();

  /** @param ms that the file took */
  add(file: string, ms: number, counts: FileCounts): void {
    const failed = counts.failed + (counts.broken ? 1 : 0);
    this.passed += counts.passed;
    this.failed += failed;
    this.skipped += counts.skipped;
    const level = levelOf(file);
    this.files.push({ level, file, ms });
    const sum = this.levels.get(level) ?? { ms: 0, files: 0, passed: 0, failed: 0 };
    this.levels.set(level, {
      ...sum,
      files: sum.files + 1,
      passed: sum.passed + counts.passed,
      failed: sum.failed + failed,
    });
  }

  /** A failure that belongs to no file: a level that could not be run. */
  addFailure(): void {
    this.failed += 1;
  }

  /** @param ms from the level's beginning to its end: files run side by side */
  addTime(level: TestLevel, ms: number): void {
    const sum = this.levels.get(level);
    if (sum) sum.ms += ms;
  }

  get ok(): boolean {
    return this.failed === 0 && this.passed > 0;
  }

  /** Time per level and the ten slowest files. */
  summary(): string[] {
    const levels = testLevels.flatMap((level) => {
      const sum = this.levels.get(level);
      if (!sum) return [];
      const ms =
        sum.ms || this.files.filter((file) => file.level === level).reduce((total, file) => total + file.ms, 0);
      return [
        `  ${level.padEnd(9)} ${seconds(ms)}  ${sum.files} ${sum.files === 1 ? 'file' : 'files'}, ${sum.passed} passed, ${sum.failed} failed`,
      ];
    });
    if (levels.length === 0) return [];
    const slowest = [...this.files].sort((a, b) => b.ms - a.ms).slice(0, 10);
    return [
      'Time per level:',
      ...levels,
      'Slowest files:',
      ...slowest.map(({ file, ms }) => `  ${seconds(ms)}  ${file}`),
    ];
  }

  /** The last line, which CI reads: `N passed, N failed`, with `, N skipped` when there are any. */
  lastLine(): string {
    return `${this.passed} passed, ${this.failed} failed${this.skipped > 0 ? `, ${this.skipped} skipped` : ''}`;
  }
}

/** `12.34 s`, aligned. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2).padStart(7)} s`;
}
