import type { Incident } from '../record/incident';
import { Run } from '../run/run';
import type { Accident, StrikeContext } from './accident';
import { after, during, msOf, repeat, sequence } from './compose';

const done: string[] = [];
const incidentOf = (name: string, took = true): Incident => ({
  accident: name,
  title: `${name} goes`,
  member: 'db1',
  before: { time: `2026-11-21 05:51:0${done.length}.000000+00`, lsn: '0/1', xid: '5', timeline: 1 },
  struckAt: `2026-11-21 05:52:0${done.length}.000000+00`,
  proof: { took, expected: `${name} struck`, found: took ? 'it did' : 'it did not' },
});
const accident = (name: string, took = true): Accident => ({
  name,
  title: `${name} goes`,
  strike: () => {
    const incident = incidentOf(name, took);
    done.push(name);
    return Promise.resolve(incident);
  },
});
const context = { run: { signal: new AbortController().signal } as Run } as StrikeContext;

describe('accidents composed', () => {
  beforeEach(() => void (done.length = 0));

  test('one after the other › one incident, from the first strike on', async () => {
    const whole = sequence(accident('a'), after('1ms', accident('b')), () => Promise.resolve({ noted: { x: 'y' } }));
    const incident = await whole.strike(context);
    expect(done).toEqual(['a', 'b']);
    expect(incident).toMatchObject({
      title: 'a goes, then b goes',
      before: { time: '2026-11-21 05:51:00.000000+00' },
      struckAt: '2026-11-21 05:52:00.000000+00',
      proof: { took: true, expected: 'a struck; b struck' },
      noted: { x: 'y' },
    });
  });

  test('one without effect › the rest is left out, and nothing is proven', async () => {
    const incident = await sequence(accident('a', false), accident('b')).strike(context);
    expect(done).toEqual(['a']);
    expect(incident.proof.took).toBe(false);
  });

  test('repeated › so many times', async () => {
    const incident = await repeat(3, accident('a')).strike(context);
    expect(done).toEqual(['a', 'a', 'a']);
    expect(incident.proof.took).toBe(true);
    expect(() => repeat(0, accident('a'))).toThrow('repeat(0');
    expect(() => sequence()).toThrow('no accident');
  });

  test('during an operation › strikes while it is at work, and tells how it ended', async () => {
    let end = (_words: string) => {};
    const backup = {
      title: 'a base backup',
      begin: () => ({ atWork: Promise.resolve(), ended: new Promise<string>((resolve) => (end = resolve)) }),
    };
    const striking = during(backup, {
      ...accident('a'),
      strike: () => {
        end('FAILED');
        return accident('a').strike(context);
      },
    });
    const incident = await striking.strike(context);
    expect(incident).toMatchObject({ proof: { took: true }, noted: { 'a base backup': 'FAILED' } });
  });

  test('during one that had ended before › proves nothing', async () => {
    const backup = {
      title: 'a base backup',
      begin: () => {
        const ended = Promise.resolve('DONE');
        return { atWork: ended.then(() => undefined), ended };
      },
    };
    const incident = await during(backup, accident('a')).strike(context);
    expect(incident.proof).toMatchObject({ took: false, found: 'a base backup had ended: DONE' });
  });

  test.each([
    ['500ms', 500],
    ['5s', 5000],
    ['1.5m', 90_000],
  ])('%s › %d ms', (text, ms) => expect(msOf(text)).toBe(ms));

  test.each(['', '5', 's', '5h', '-1s'])('"%s" › is refused', (text) => expect(() => msOf(text)).toThrow('no time'));
});
