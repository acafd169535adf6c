import { loggedSymptom } from '../../operations/symptom';
import type { Cure } from '../healing/heal';
import { nodeOf, type Whose } from './whose';

/**
 * Waits until a member's server log shows a symptom, so that what follows does not cure what nobody has.
 * @param options.asks a query that meets it, as somebody's program would; what comes of it is not looked at, the log is
 * @param options.database default: the dataset's
 */
export function awaitSymptom(whose: Whose, symptom: RegExp, options: { asks?: string; database?: string } = {}): Cure {
  return {
    id: 'await-symptom',
    title: `wait for "${symptom.source}" in the log of ${whose}`,
    async does(context) {
      const node = await nodeOf(context, whose);
      const { asks, database = context.database } = options;
      if (asks !== undefined) await node.query(asks, [], database).catch(() => undefined);
      const line = await loggedSymptom(context.run, node, symptom);
      context.symptoms.push(`${node.name}: ${line}`);
      return line;
    },
  };
}
