import { PgdrillError } from '../record/errors';
import type { Incident } from '../record/incident';
import type { Operation } from '../operations/operation';
import type { Accident, StrikeContext } from './accident';
import { inOrder } from './in-order';

const MARK = { row: 'r', lsn: '0/1', xid: '5', time: '2026-11-21 05:51:02.100000+00' };
const done: string[] = [];
const accident = (took = true): Accident => ({
  name: 'boom',
  title: 'it goes boom',
  twoWriters: true,
  strike: () => {
    done.push('boom');
    const incident = { accident: 'boom', proof: { took, expected: '', found: '' }, noted: { own: 'x' } };
    return Promise.resolve(incident as unknown as Incident);
  },
});
const marks =
  (name: string): Operation =>
  () => {
    done.push(name);
    return Promise.resolve({ marks: [{ name, ...MARK }], noted: { where: name } });
  };
const strike = (one: Accident) => one.strike({} as StrikeContext);

describe('inOrder', () => {
  beforeEach(() => void (done.length = 0));

  test('operations and the accident › are done one by one; what they note is in the incident', async () => {
    const whole = inOrder(marks('a'), () => Promise.resolve(), accident(), marks('b'));
    const incident = await strike(whole);
    expect(done).toEqual(['a', 'boom', 'b']);
    expect(incident.marks?.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(incident.noted).toEqual({ where: 'a', own: 'x' });
    expect(whole).toMatchObject({ name: 'boom', title: 'it goes boom', twoWriters: true });
  });

  test('an accident without effect › ends it there', async () => {
    const incident = await strike(inOrder(accident(false), marks('late')));
    expect(incident.proof.took).toBe(false);
    expect(done).toEqual(['boom']);
  });

  test.each([[[marks('a')]], [[accident(), accident()]], [[]]])('not exactly one accident › is refused', (parts) => {
    expect(() => inOrder(...parts)).toThrow(PgdrillError);
  });
});
