import { FormatError } from './format-error';
import { lastRecovery, parseRecoveries } from './server-log';

const LOG = '2026-11-21 13:02:03.492 +07 [15562] LOG:  ';

/** One recovery as PostgreSQL 15 logged it, with the zone of the server's `timezone`. */
const TO_A_TIME = `
2026-11-21 13:02:03.420 +07 [15559] LOG:  starting PostgreSQL 15.14 on x86_64-pc-linux-gnu
2026-11-21 13:02:03.422 +07 [15562] LOG:  database system was interrupted; last known up at 2026-11-21 13:00:08 +07
2026-11-21 13:02:03.423 +07 [15562] LOG:  starting point-in-time recovery to 2026-11-21 11:30:09.707342+05:30
2026-11-21 13:02:03.423 +07 [15562] LOG:  starting backup recovery with redo LSN 0/2000028, checkpoint LSN 0/2000060, on timeline ID 1
2026-11-21 13:02:03.440 +07 [15562] LOG:  restored log file "000000010000000000000002" from archive
2026-11-21 13:02:03.440 +07 [15562] DEBUG:  redo record is at 0/2000028; shutdown false
2026-11-21 13:02:03.442 +07 [15562] LOG:  redo starts at 0/2000028
2026-11-21 13:02:03.464 +07 [15562] CONTEXT:  WAL redo at 0/20000D8 for XLOG/BACKUP_END: 0/2000028
2026-11-21 13:02:03.464 +07 [15562] LOG:  consistent recovery state reached at 0/2000100
cp: cannot stat 'arch/00000002.history': No such file or directory
2026-11-21 13:02:03.492 +07 [15562] LOG:  recovery stopping before commit of transaction 735, time 2026-11-21 11:30:09.944711+05:30
2026-11-21 13:02:03.492 +07 [15562] LOG:  redo done at 0/3018528 system usage: CPU: user: 0.00 s, system: 0.01 s, elapsed: 0.05 s
2026-11-21 13:02:03.492 +07 [15562] LOG:  last completed transaction was at log time 2026-11-21 11:30:09.70734+05:30
2026-11-21 13:02:03.496 +07 [15562] LOG:  selected new timeline ID: 2
2026-11-21 13:02:03.523 +07 [15562] LOG:  archive recovery complete
`;

const NOT_REACHED = `
2026-11-21 13:02:12.739 +07 [16200] LOG:  starting point-in-time recovery to 2027-01-01 00:00:00+05:30
2026-11-21 13:02:12.790 +07 [16200] LOG:  redo starts at 0/2000028
2026-11-21 13:02:12.926 +07 [16200] LOG:  redo done at 0/4000098 system usage: CPU: user: 0.00 s, system: 0.01 s, elapsed: 0.13 s
2026-11-21 13:02:12.926 +07 [16200] LOG:  last completed transaction was at log time 2026-11-21 11:30:09.986625+05:30
2026-11-21 13:02:12.926 +07 [16200] FATAL:  recovery ended before configured recovery target was reached
`;

describe('server log › recovery', () => {
  it('reads a recovery whole', () => {
    expect(parseRecoveries(TO_A_TIME)).toEqual([
      {
        start: 'starting point-in-time recovery to 2026-11-21 11:30:09.707342+05:30',
        redoStartLsn: '0/2000028',
        consistentLsn: '0/2000100',
        stop: { kind: 'transaction', when: 'before', end: 'commit', xid: '735', time: '2026-11-21 06:00:09.944711+00' },
        redoDoneLsn: '0/3018528',
        lastCompletedTime: '2026-11-21 06:00:09.707340+00',
        newTimeline: 2,
        complete: true,
        endedBeforeTarget: false,
      },
    ]);
  });

  it('sees a target that was never reached', () => {
    expect(lastRecovery(NOT_REACHED)).toMatchObject({
      stop: null,
      redoDoneLsn: '0/4000098',
      newTimeline: null,
      complete: false,
      endedBeforeTarget: true,
    });
  });

  it('keeps several recoveries of one log apart', () => {
    const standby = `${LOG}entering standby mode\n${LOG}redo starts at 0/3018910\n`;
    const crash = `${LOG}database system was not properly shut down; automatic recovery in progress\n${LOG}redo done at 0/5000000 system usage: x\n`;
    const all = parseRecoveries(NOT_REACHED + TO_A_TIME + standby + crash);
    expect(all.map(({ start }) => start.split(' ').slice(0, 3).join(' '))).toEqual([
      'starting point-in-time recovery',
      'starting point-in-time recovery',
      'entering standby mode',
      'database system was',
    ]);
    expect(all.map(({ endedBeforeTarget }) => endedBeforeTarget)).toEqual([true, false, false, false]);
    expect(all[2]).toMatchObject({ redoStartLsn: '0/3018910', stop: null, complete: false });
    expect(lastRecovery(NOT_REACHED + TO_A_TIME)).toMatchObject({ complete: true });
  });

  it('is empty without a recovery', () => {
    expect(parseRecoveries(`${LOG}database system was shut down at 2026-11-21 13:00:10 +07\n`)).toEqual([]);
    expect(lastRecovery('')).toBeNull();
  });
});

describe('server log › stops', () => {
  it.each([
    [
      'recovery stopping before abort of transaction 732, time 2026-11-21 11:30:09.699077+05:30',
      { kind: 'transaction', when: 'before', end: 'abort', xid: '732', time: '2026-11-21 06:00:09.699077+00' },
    ],
    [
      'recovery stopping after commit of transaction 728, time 2026-11-21 06:00:09.698232+00',
      { kind: 'transaction', when: 'after', end: 'commit', xid: '728', time: '2026-11-21 06:00:09.698232+00' },
    ],
    ['recovery stopping after WAL location (LSN) "0/3018020"', { kind: 'lsn', when: 'after', lsn: '0/3018020' }],
    ['recovery stopping before WAL location (LSN) "0/30184C0"', { kind: 'lsn', when: 'before', lsn: '0/30184C0' }],
    [
      'recovery stopping at restore point "rp "one"", time 2026-11-21 11:30:09.691158+05:30',
      { kind: 'name', name: 'rp "one"', time: '2026-11-21 06:00:09.691158+00' },
    ],
    ['recovery stopping after reaching consistency', { kind: 'immediate' }],
  ])('reads "%s"', (message, stop) => {
    expect(lastRecovery(`${LOG}starting archive recovery\n${LOG}${message}\n`)?.stop).toEqual(stop);
  });

  it('is not fooled by what clients make the server log', () => {
    const fooled = lastRecovery(
      [
        `${LOG}starting archive recovery`,
        '2026-11-21 13:02:03 +07 [7] STATEMENT:  SELECT $$LOG:  recovery stopping after reaching consistency$$',
        '2026-11-21 13:02:03 +07 [7] ERROR:  relation "LOG:  archive recovery complete" does not exist',
        '\tLOG:  selected new timeline ID: 9',
        '2026-11-21 13:02:03 +07 [7] STATEMENT:  FATAL:  recovery ended before configured recovery target was reached',
      ].join('\n'),
    );
    expect(fooled).toMatchObject({ stop: null, complete: false, newTimeline: null, endedBeforeTarget: false });
  });

  it('refuses a time that it cannot place', () => {
    expect(() =>
      lastRecovery(`${LOG}starting archive recovery\n${LOG}last completed transaction was at log time now`),
    ).toThrow(FormatError);
  });
});
