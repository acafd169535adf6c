import { nearestLog } from './nearest-log';

const logged = (...words: string[]) =>
  words.map((line, index) => {
    const at = `2026-11-21 05:51:${String(index).padStart(2, '0')}.000`;
    return { at: `${at}000+00`, line: `${at} UTC [${index}] ${line}` };
  });
const shown = (lines: string[]) => lines.map((line) => line.replace(/^log: .*?\] /, ''));

describe('lines of the log nearest to a finding', () => {
  test('those that name what is in question come before those of the matter only', () => {
    const log = logged(
      'LOG:  recovery stopping before commit of transaction 7, time 2026-11-21 05:51:02+00',
      'ERROR:  invalid page in block 3 of relation base/5/1',
      'ERROR:  invalid page in block 4 of relation base/5/2',
      'ERROR:  invalid page in block 5 of relation base/5/3',
      'ERROR:  invalid page in block 6 of relation base/5/4',
      'ERROR:  invalid page in block 7 of relation base/5/16398',
      'ERROR:  invalid page in block 8 of relation base/5/6',
    );
    expect(
      shown(nearestLog('integrity', log, 'thai: book.tickets: invalid page in block 7 of relation base/5/16398')),
    ).toEqual([
      'ERROR:  invalid page in block 5 of relation base/5/3',
      'ERROR:  invalid page in block 6 of relation base/5/4',
      'ERROR:  invalid page in block 7 of relation base/5/16398',
      'ERROR:  invalid page in block 8 of relation base/5/6',
    ]);
  });

  test('a relation is found by its name without the schema, a timeline by its words', () => {
    const log = logged(
      'ERROR:  relation "tickets" does not exist',
      'LOG:  fetching timeline history file for timeline 3',
    );
    expect(shown(nearestLog('objectives', log, 'book.tickets'))).toEqual(['ERROR:  relation "tickets" does not exist']);
    expect(shown(nearestLog('objectives', log, 'streams on timeline 3'))).toEqual([
      'LOG:  fetching timeline history file for timeline 3',
    ]);
  });

  test('the same words again and again are one line, the last', () => {
    const log = logged(...Array.from({ length: 9 }, () => 'FATAL:  could not connect to the primary server'));
    expect(nearestLog('members', log, 'no WAL receiver')).toEqual([
      'log: 2026-11-21 05:51:08.000 UTC [8] FATAL:  could not connect to the primary server',
    ]);
  });

  test('nothing is shown that is about something else, nor where there is no log', () => {
    expect(nearestLog('integrity', logged('FATAL:  the database system is starting up'), 'book.tickets')).toEqual([]);
    expect(nearestLog('integrity', undefined, 'book.tickets')).toEqual([]);
  });

  test('an application’s name is no word of the server; a line on the matter comes before one with an LSN', () => {
    const log = logged(
      'barman@[unknown] barman_streaming_backup WARNING:  still waiting for all required WAL segments',
      'LOG:  selected new timeline ID: 2',
      ...[1, 2, 3, 4].map((number) => `LOG:  consistent recovery state reached at 0/9000${number}A0`),
    );
    const text = [1, 2, 3, 4].map((number) => `0/9000${number}A0`).join(' ');
    expect(shown(nearestLog('members', log, 'no WAL receiver'))).toEqual(['LOG:  selected new timeline ID: 2']);
    expect(shown(nearestLog('timeline', log, text))[0]).toBe('LOG:  selected new timeline ID: 2');
  });
});
