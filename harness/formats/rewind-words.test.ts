import { rewindFailure, rewindWords } from './rewind-words';

const started = '2026-11-21 15:40:07,900 INFO: running pg_rewind from db2';
const done = '2026-11-21 15:40:08,786 INFO: pg_rewind exit code=0';
const diverged =
  '2026-11-21 15:40:08,786 INFO:  stderr=pg_rewind: servers diverged at WAL location 0/25B049A8 on timeline 1';
const removed =
  '2026-11-21 16:14:10.646 UTC [2245] FATAL:  could not receive data from WAL stream: ERROR:  requested WAL segment 000000070000000100000060 has already been removed';

const failure = (lines: string[], fetches = false) => rewindFailure(rewindWords(lines.join('\n')), fetches);

describe('words of a rewind', () => {
  test('done › no failure, and where the servers diverged is told', () => {
    expect(failure([started, done, diverged])).toBeUndefined();
    expect(rewindWords(diverged)).toEqual(['servers diverged at WAL location 0/25B049A8 on timeline 1']);
  });

  test('ended with 1 › its own last error', () => {
    const lines = [started, 'stderr=pg_rewind: error: could not connect to server', 'INFO: pg_rewind exit code=1'];
    expect(failure(lines)).toBe('pg_rewind: error: could not connect to server');
    expect(failure(['Failed to rewind from healthy primary: db2'])).toBe('Failed to rewind from healthy primary: db2');
  });

  test('two branches of one number › "no rewind required" is a failure', () => {
    expect(failure([started, 'stderr=pg_rewind: no rewind required', done])).toBe('pg_rewind: no rewind required');
  });

  test('the source has removed what the rewound server replays › failed, unless it comes from the archive', () => {
    expect(failure([started, done, diverged, removed])).toBe(
      'requested WAL segment 000000070000000100000060 has already been removed',
    );
    expect(failure([started, done, diverged, removed], true)).toBeUndefined();
  });

  test('the same before the rewind › that is why it is rewound', () => {
    expect(failure([removed, started, done])).toBeUndefined();
  });
});
