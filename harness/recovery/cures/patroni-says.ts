import { microsTime } from '../../formats/timestamptz';
import { patroniSymptom } from '../../operations/symptom';
import type { Cure } from '../healing/heal';
import type { RecoverContext } from '../recovery';

/** Waits until some member's Patroni says what the accident makes it say, so that no cure is proven on a sound cluster. */
export function patroniSays(symptom: RegExp): Cure {
  return {
    id: 'patroni-says',
    title: `wait until a Patroni says "${symptom.source}"`,
    async does(context) {
      const { run, cluster, symptoms } = context;
      const { member, line } = await patroniSymptom(run, cluster.nodes, symptom, struckAt(context));
      symptoms.push(`${member}: ${line}`);
      return `${member}: ${line}`;
    },
  };
}

/** The moment of the strike, to the millisecond before it. */
export function struckAt({ incident }: Pick<RecoverContext, 'incident'>): Date {
  return new Date(Number(microsTime(incident.struckAt) / 1000n));
}
