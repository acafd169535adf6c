/** What Patroni's and PostgreSQL's logs say of pg_rewind, and of what came of it, line by line. */
export function rewindWords(log: string): string[] {
  return log.split('\n').flatMap((line) => {
    const words =
      /(running pg_rewind|pg_rewind exit code=\d+|pg_rewind: .*|Failed to rewind.*|requested WAL segment \S+ has already been removed)/.exec(
        line,
      )?.[1];
    return words === undefined ? [] : [words.replace(/^pg_rewind: (servers diverged)/, '$1')];
  });
}

/**
 * Why a member was not rewound, in the programs' own words; undefined where nothing says so.
 *
 * A rewound server replays from the last checkpoint that both had in common, and the source may have removed WAL of that time:
 * it keeps what its own last checkpoint and `wal_keep_size` want (PostgreSQL documentation, pg_rewind, "How It Works").
 * @param words as `rewindWords` gives them
 * @param fetches whether members have a restore_command, which brings what was removed
 */
export function rewindFailure(words: readonly string[], fetches: boolean): string | undefined {
  const rewound = words.indexOf('pg_rewind exit code=0');
  const failed = words.find(
    (line, index) =>
      /^(Failed to rewind|pg_rewind exit code=[1-9])|no rewind required/.test(line) ||
      (!fetches && rewound !== -1 && index > rewound && /already been removed/.test(line)),
  );
  if (failed === undefined) return undefined;
  return words.filter((line) => /error|fatal|no rewind required|already been removed/.test(line)).at(-1) ?? failed;
}
