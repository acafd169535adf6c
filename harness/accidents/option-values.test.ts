import { z } from 'zod';
import { optionFields } from './option-values';

describe('options of an accident', () => {
  test('each as a command line shows it', () => {
    const schema = z.object({
      relation: z.string().describe('schema.table'),
      perSecond: z.number().int().default(5).describe('how often'),
      part: z.enum(['header', 'tuple']).optional().describe('which part'),
      cached: z.boolean().default(false).describe('whether a server has it in memory'),
    });
    expect(optionFields(schema)).toEqual([
      { name: 'relation', flag: '--relation', kind: 'text', required: true, description: 'schema.table' },
      {
        name: 'perSecond',
        flag: '--per-second',
        kind: 'number',
        required: false,
        default: 5,
        description: 'how often',
      },
      {
        name: 'part',
        flag: '--part',
        kind: 'text',
        choices: ['header', 'tuple'],
        required: false,
        description: 'which part',
      },
      {
        name: 'cached',
        flag: '--cached',
        kind: 'switch',
        required: false,
        default: false,
        description: 'whether a server has it in memory',
      },
    ]);
  });

  test('a switch that is on by default › is turned off', () => {
    const schema = z.object({ startedAgain: z.boolean().default(true).describe('whether it comes back') });
    expect(optionFields(schema)[0]).toMatchObject({ flag: '--no-started-again', kind: 'switch', default: true });
  });

  test('none › nothing', () => {
    expect(optionFields(z.object({}))).toEqual([]);
  });
});
