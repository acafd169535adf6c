import type { Evidence } from '../record/evidence';
import { checklist } from './checklist';
import { honestIsolated, honestWithoutLedger } from './honest-without-ledger';
import { judge } from './judge';

const lines = (evidence: Evidence) => checklist(evidence, judge(evidence, { pgdrill: '0.1.0' }));
const states = (evidence: Evidence) => Object.fromEntries(lines(evidence).map(({ title, state }) => [title, state]));
const found = (evidence: Evidence, title: string) => lines(evidence).find((line) => line.title === title)?.found;

describe('checklist', () => {
  test('recovered cluster › every line is ticked, in words with figures', () => {
    expect(lines(honestWithoutLedger())).toEqual([
      { title: 'recovery', state: 'ok', found: 'out of recovery: pg_is_in_recovery() is false on db2' },
      {
        title: 'recovery target',
        state: 'ok',
        found:
          'stopped before the commit of transaction 15870, 2026-11-21 05:51:02.131044+00; the last one kept is 15871, 2026-11-21 05:51:02.117733+00',
      },
      { title: 'timeline', state: 'ok', found: '3: timeline 2 left 1 at 0/7A1B420' },
      {
        title: 'data',
        state: 'ok',
        found:
          '3 tables as in the baseline; 1 query answers as expected; every database connects and its files are readable (db1, db2, db3)',
      },
      { title: 'cluster', state: 'ok', found: 'db2 leads, db1 and db3 stream from it' },
      {
        title: 'archive',
        state: 'ok',
        found: 'whole from 0/4000028 to 0/B000000, fresh backup 20261121T055113',
      },
    ]);
  });

  test('isolated node › the cluster is unknown, not well', () => {
    expect(states(honestIsolated())).toEqual({
      recovery: 'ok',
      'recovery target': 'ok',
      timeline: 'ok',
      data: 'ok',
      cluster: 'unknown',
      archive: 'unknown',
    });
    expect(found(honestIsolated(), 'cluster')).toBe("db2 is isolated: it is not the cluster's leader yet");
  });

  test('what is wrong › names the member, what was expected and what was found', () => {
    const evidence = honestWithoutLedger(({ members, replica }) => {
      for (const { answers } of members) answers![0]!.found = '7';
      delete replica.receiver;
    });
    expect(states(evidence)).toMatchObject({ data: 'bad', cluster: 'bad', archive: 'ok' });
    expect(found(evidence, 'data')).toBe(
      'db1: expected thai: SELECT count(*) FROM book.tickets => 20740; found 7 (and 2 more)',
    );
  });

  test('what was not seen › is unknown', () => {
    const evidence = honestWithoutLedger(({ recovery, cluster }) => {
      delete recovery.stop;
      delete cluster.dcs;
    });
    expect(states(evidence)).toMatchObject({ 'recovery target': 'unknown', cluster: 'unknown', recovery: 'ok' });
    expect(states(honestWithoutLedger(({ episode }) => delete episode.recovery))).toMatchObject({
      recovery: 'unknown',
      data: 'unknown',
    });
  });
});
