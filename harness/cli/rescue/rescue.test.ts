import type { RecoveryPlan } from '../../record/recovery';
import type { RescuePlan } from '../../recovery/plan/surgical';
import { rescueAsk } from './options';
import { changeLines } from './rescue-text';

const flags = { database: 'shop', table: 'public.orders' };

describe('options of pgdrill rescue', () => {
  test('the least › all rows, missing ones come back', () => {
    expect(rescueAsk('auto', 'latest', flags)).toMatchObject({
      when: { backup: 'auto', target: { kind: 'latest' } },
      table: { schema: 'public', name: 'orders' },
      into: 'keep',
    });
  });

  test('--into › a mode, or a table by its dot', () => {
    expect(rescueAsk('auto', 'latest', { ...flags, into: 'replace' }).into).toBe('replace');
    expect(rescueAsk('auto', 'latest', { ...flags, into: 'public.back' })).toMatchObject({
      into: 'new-table',
      newTable: { schema: 'public', name: 'back' },
    });
  });

  test.each([
    ['no database', { table: 'a.b' }, 'PGDRILL_USAGE'],
    ['an empty predicate', { ...flags, where: ' ' }, 'PGDRILL_USAGE'],
    ['a mode that there is not', { ...flags, into: 'overwrite' }, 'PGDRILL_USAGE'],
    ['a table without its schema', { database: 'shop', table: 'orders' }, 'PGDRILL_RESCUE_NAME'],
  ])('%s › refused', (_what, given, code) => {
    expect(() => rescueAsk('auto', 'latest', given)).toThrow(expect.objectContaining({ code }));
  });
});

describe('what a rescue shows before it changes anything', () => {
  test('counts, the first rows of each kind, warnings', () => {
    const plan = {
      shape: { into: '"public"."orders"', columns: [], key: ['id'], values: [] },
      will: { insert: '1200', update: '3', remove: '0', leave: '0' },
      chosen: '1203',
      samples: [{ kind: 'differing', key: '(7)', atTarget: '(7,paid)', now: '(7,lost)' }],
      triggers: [],
      sequences: [],
      steps: [],
      warnings: ['triggers do not fire'],
    } satisfies RescuePlan;
    const recorded = { target: { kind: 'latest' }, backup: '20260123T120000' } as RecoveryPlan;
    const text = changeLines(plan, recorded).join('\n');
    expect(text).toMatch(/come back\s+1,200/);
    expect(text).toMatch(/overwritten\s+3/);
    expect(text).toContain('(7)  was (7,paid)');
    expect(text).toContain('is  (7,lost)');
    expect(text).toContain('! triggers do not fire');
  });
});
