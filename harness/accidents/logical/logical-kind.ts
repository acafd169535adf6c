import type { z } from 'zod';
import type { Accident } from '../accident';
import type { AccidentKind } from '../kind';

interface Logical<Options extends z.ZodObject> extends Pick<
  AccidentKind<Options>,
  'name' | 'title' | 'does' | 'options' | 'proof'
> {
  /** The accident as drills have it. */
  make(options: z.output<Options>): Accident;
}

/** What people and programs do through SQL, as a kind: by hand it is the very accident that drills have. */
export function logicalKind<Options extends z.ZodObject>(logical: Logical<Options>): AccidentKind<Options> {
  const { make, ...said } = logical;
  return {
    ...said,
    family: 'logical',
    strikes: ['leader'],
    undone: 'by a recovery: `pgdrill pitr`, or `pgdrill rescue` for one table or some rows',
    neverTouches: 'other databases, files, processes',
    async strike(context, _victims, options) {
      const { proof, struckAt, before, xid, noted } = await make(options).strike(context);
      return { proof, struckAt, before, ...(xid === undefined ? {} : { xid }), ...(noted ? { noted } : {}) };
    },
  };
}
