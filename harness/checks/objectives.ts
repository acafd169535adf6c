import type { Finding } from '../record/finding';
import type { Figures } from '../record/verdict';
import type { Check } from './check';
import { figuresOf } from './figures';
import { lossByNature } from './loss';
import { Place } from './place';
import { judgedByLedger } from './without-ledger';

/** Oracle 11: the objectives are the user's promise; a limit that was not given is not judged. */
export const objectives: Check = {
  id: 'objectives',
  version: 2,
  title: 'times and lost writes are within the limits of the drill',
  oracle: 11,
  applies: judgedByLedger,
  examine(examined) {
    const limits = examined.evidence.run.objectives;
    const figures = figuresOf(examined.episode);
    const place = new Place('objectives', examined);
    const within = (what: string, unit: string, limit: number | undefined, measured: number | undefined): Finding[] => {
      if (limit === undefined) return [];
      const expected = `${what} at most ${limit}${unit}`;
      if (measured === undefined) return [place.unverified(expected, 'was not measured')];
      const found = `${measured}${unit}`;
      return [
        measured <= limit
          ? place.ok(expected, found)
          : place.failed(expected, found, ['look: pgdrill report --format markdown']),
      ];
    };
    return [
      ...within('rtoWrites', ' ms', limits.rtoWritesMs, figures.rtoWritesMs),
      ...within('rtoFull', ' ms', limits.rtoFullMs, figures.rtoFullMs),
      ...(lossByNature(examined.episode)
        ? within("lost writes, but for a failover's (acknowledged-writes),", '', limits.lostWrites, figures.lost)
        : within('lost writes', '', limits.lostWrites, lostOf(figures))),
    ];
  },
};

/** What a failover left on an abandoned branch is lost to the user like what a member does not have. */
function lostOf({ lost, abandoned = 0 }: Figures): number | undefined {
  return lost === undefined ? undefined : lost + abandoned;
}
