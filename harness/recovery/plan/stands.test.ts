import type { Journal, JournalStep } from '../../record/journal';
import { sampleJournal } from './sample-journal';
import { hasBegun, isOver, standingOf, standingWords, stepsToUndo, tidyBegun, touchedMembers } from './stands';

const at = '2026-11-21T06:45:00.000000Z';
const step = (id: string, state: JournalStep['state'] = 'done'): JournalStep => ({ id, state, at });
const journal = (state: Journal['state'], ...steps: JournalStep[]): Journal => ({ ...sampleJournal(), state, steps });

describe('stepsToUndo', () => {
  test('begun steps, last of the plan first, whatever the order in which they began', () => {
    const cut = journal('running', step('archive-tail'), step('fence'), step('rearm', 'begun'), step('restore'));
    expect(stepsToUndo(cut)).toEqual(['rearm', 'restore', 'fence', 'archive-tail']);
  });

  test('a rollback that was cut off goes on behind what it has taken back', () => {
    const cut = journal('rolling-back', step('archive-tail'), step('fence', 'begun'), step('restore', 'undone'));
    expect(stepsToUndo(cut)).toEqual(['fence', 'archive-tail']);
    expect(hasBegun(cut, 'restore')).toBe(false);
  });
});

describe('touchedMembers', () => {
  const rejoining = journal('running', step('lead'), step('rejoin', 'begun'));

  test('those that the rejoin noted; none before it began', () => {
    expect(touchedMembers({ ...journal('running', step('lead')), result: { rejoinBegun: ['db3'] } })).toEqual([]);
    expect(touchedMembers(rejoining)).toEqual([]);
    expect(touchedMembers({ ...rejoining, result: { rejoinBegun: ['db3'] } })).toEqual(['db3']);
  });

  test('every other one where a drill did it its own way', () => {
    expect(touchedMembers({ ...rejoining, result: { replacedSteps: ['rejoin'] } })).toEqual(['db1', 'db3']);
  });

  test('still those once the rejoin is taken back: they are copied', () => {
    const undone = journal('rolling-back', step('rejoin', 'undone'));
    expect(touchedMembers({ ...undone, result: { rejoinBegun: ['db3'] } })).toEqual(['db3']);
  });
});

test('tidyBegun › not where what is old is kept until a person removes it', () => {
  const tidied = journal('running', step('tidy', 'begun'));
  expect(tidyBegun(tidied)).toBe(true);
  expect(tidyBegun({ ...tidied, request: { ...tidied.request, keepOld: true } })).toBe(false);
});

test('isOver › done or rolled back; what keeps the old data can still be taken back, and not resumed', () => {
  const done = journal('done', step('archive-tail'));
  const kept = { ...done, request: { ...done.request, keepOld: true } };
  expect([isOver(done), isOver(kept), isOver({ ...kept, state: 'rolled-back' }), isOver(journal('failed'))]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(standingOf(kept, 'gone')).toMatchObject({ mayResume: false, mayRollBack: true });
});

describe('standingOf', () => {
  test.each([
    ['running', 'alive', false, false],
    ['running', 'on another host', false, false],
    ['running', 'gone', true, true],
    ['failed', 'alive', true, true],
    ['waiting', 'gone', true, true],
    ['rolling-back', 'gone', false, true],
    ['rolling-back', 'alive', false, false],
    ['done', 'gone', false, false],
    ['rolled-back', 'gone', false, false],
  ] as const)('%s, its process %s: resume %s, rollback %s', (state, owner, mayResume, mayRollBack) => {
    expect(standingOf(journal(state, step('archive-tail'), step('fence', 'begun')), owner)).toMatchObject({
      mayResume,
      mayRollBack,
    });
  });

  test('it is at the first step of the plan that is not done', () => {
    const {
      step: here,
      place,
      done,
    } = standingOf(journal('running', step('archive-tail'), step('fence', 'begun')), 'gone');
    expect([here?.id, place?.number, done]).toEqual(['fence', 2, 1]);
  });
});

test('standingWords › says what happened, where, and whose process it was', () => {
  const cut = journal('running', step('archive-tail'), step('fence', 'begun'));
  expect(standingWords(cut, 'gone')).toBe(
    'cut off at step 2 of 5, fence (the step fence): the process host/7/99 is gone',
  );
  expect(standingWords(cut, 'alive')).toContain('at work at step 2 of 5');
  expect(standingWords({ ...cut, state: 'failed', why: 'no room' }, 'gone')).toBe(
    'failed at step 2 of 5, fence (the step fence): no room',
  );
});
