import { cutInTheMiddle, tellingLines } from './log-lines';

const P = '2026-11-21 13:02:03.492 UTC [15562] ';

describe('log lines', () => {
  it('keeps trouble and what is about recovery, and no other', () => {
    const log = [
      `${P}LOG:  checkpoint starting: shutdown immediate`,
      `${P}LOG:  recovery stopping before commit of transaction 735, time 2026-11-21 13:02:03.1+00`,
      `${P}LOG:  selected new timeline ID: 2`,
      `${P}LOG:  database system is ready to accept connections`,
      `${P}postgres@thai psql WARNING:  page verification failed, calculated checksum 1 but expected 2`,
      `${P}postgres@thai psql ERROR:  invalid page in block 10 of relation base/16385/16398`,
      `${P}postgres@thai psql STATEMENT:  SELECT 'ERROR:  no error'`,
      `${P}postgres@thai psql DETAIL:  could not say more`,
      `\tERROR:  a line of a statement`,
      `${P}FATAL:  the database system is starting up`,
      'cp: cannot stat: No such file',
      '',
    ].join('\n');
    expect(tellingLines(log).map(({ severity, message }) => `${severity} ${message.split(' ', 2).join(' ')}`)).toEqual([
      'LOG recovery stopping',
      'LOG selected new',
      'LOG database system',
      'WARNING page verification',
      'ERROR invalid page',
      'FATAL the database',
    ]);
  });

  it('gives times in UTC, and the line as the server wrote it', () => {
    const line = '2026-11-21 13:02:03.492 +07 [1] FATAL:  no';
    expect(tellingLines(line)).toEqual([
      { at: '2026-11-21 06:02:03.492000+00', severity: 'FATAL', message: 'no', line },
    ]);
    expect(tellingLines('2026-11-21 13:02:03 UTC [1] FATAL:  no')[0]?.at).toBe('2026-11-21 13:02:03.000000+00');
  });

  it('takes no time that it cannot place', () => {
    expect(tellingLines('2026-11-21 13:02:03.492 IST [1] FATAL:  no')).toEqual([]);
  });

  it('is not fooled by severities in statements: the first of a line is the server’s own', () => {
    expect(tellingLines(`${P}STATEMENT:  SELECT $$FATAL:  x$$`)).toEqual([]);
    expect(tellingLines(`${P}ERROR:  relation "PANIC:  x" does not exist`)[0]?.severity).toBe('ERROR');
  });

  it('keeps the first and the last of many and says how many are left out', () => {
    const log = Array.from(
      { length: 100 },
      (_, i) => `2026-11-21 13:02:${String(i % 60).padStart(2, '0')} UTC [${i}] ERROR:  e${i}`,
    );
    const cut = cutInTheMiddle(tellingLines(log.join('\n')), 11);
    expect(cut.map(({ line }) => line.split(' ').at(-1))).toEqual([
      'e0',
      'e1',
      'e2',
      'e3',
      'e4',
      '…',
      'e95',
      'e96',
      'e97',
      'e98',
      'e99',
    ]);
    expect(cut[5]?.line).toBe('… 90 lines left out …');
    expect(cutInTheMiddle(tellingLines(log.slice(0, 11).join('\n')), 11)).toHaveLength(11);
  });

  it('keeps of a message that comes again and again the first and the last, where there are too many', () => {
    const knock = Array.from({ length: 20 }, () => `${P}FATAL:  the database system is shutting down`);
    const lines = tellingLines([`${P}ERROR:  a`, ...knock, `${P}ERROR:  b`].join('\n'));
    expect(cutInTheMiddle(lines, 5).map(({ line }) => line.split(' ').at(-1))).toEqual(['a', 'down', 'down', 'b']);
    expect(cutInTheMiddle(lines, 22)).toHaveLength(22);
  });
});
