import { checkServer } from '../../backup/base-backup';
import { until } from '../../run/until';
import type { Cure } from '../healing/heal';

/**
 * Waits until `barman check` finds it, by a line.
 * @param line as Barman names it, in words: `archiver errors`
 * @throws PGDRILL_DEADLINE where that line does not fail
 */
export function checkFinds(line: string): Cure {
  return {
    id: 'check-finds',
    title: `wait until barman check finds it: ${line}`,
    async does({ run, cluster, symptoms }) {
      let seen = 'not asked';
      const found = await until(
        'symptom shown',
        run,
        async () => {
          const failing = await checkServer(cluster);
          seen = failing.map(({ name }) => name).join(', ') || 'every line OK';
          return failing.find(({ name }) => name.replaceAll('-', ' ') === line);
        },
        { seen: () => seen },
      );
      const said = `${found.name}: FAILED${found.hint ? ` (${found.hint})` : ''}`;
      symptoms.push(`barman check: ${said}`);
      return said;
    },
  };
}
