import { honestEvidence } from './honest-evidence';
import { momentsLine } from './moments';
import type { Spoiled } from './spoiled';

const line = (vary?: (spoiled: Spoiled) => void) => momentsLine(honestEvidence(vary).episodes[0]!, 'main');

describe('moments of an episode', () => {
  test('the accident in full, the others by the time that had passed', () => {
    expect(line()).toEqual([
      'when: accident 2026-11-21 05:51:02.151002+00; fence 05:51:05.700 (+3.5 s); db2 leads 05:51:11.402 (+9.3 s); writes resumed 05:51:11.951 (+9.8 s)',
    ]);
  });

  test('what is not known is left out; without an accident times are given in full', () => {
    expect(line(({ episode }) => void delete episode.recovery)).toEqual([
      'when: accident 2026-11-21 05:51:02.151002+00; writes resumed 05:51:11.951 (+9.8 s)',
    ]);
    expect(
      line(({ episode, cluster }) => {
        delete episode.incident;
        delete cluster.ledger;
        delete episode.recovery!.leaderSince;
      }),
    ).toEqual(['when: fence 2026-11-21 05:51:05.700000+00']);
    expect(
      line(({ episode }) => void Object.assign(episode, { incident: undefined, recovery: undefined, clusters: {} })),
    ).toEqual([]);
  });
});
