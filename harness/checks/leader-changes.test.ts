import { honestEvidence } from './honest-evidence';
import { leaderChanges } from './leader-changes';
import { there } from './spoiled';

const at = (time: string) => `2026-11-21 05:${time}+00`;

/** A cluster of which db1 leads, struck at 51:03, settled at 51:20: what explains each further change of its key. */
function whys(
  keys: [time: string, member?: string][],
  { promotions = [0, 0], branch = 'promoted' as 'promoted' | 'none' } = {},
): (string | undefined)[] {
  let seen: (string | undefined)[] = [];
  honestEvidence(({ episode, cluster, recovery }) => {
    there(episode.incident, 'incident').struckAt = at('51:03.000000');
    there(episode.incident, 'incident').before.time = at('51:02.000000');
    const [least = 0, most = 0] = promotions;
    Object.assign(recovery, { branch, promotions: { least, most }, rejoinedAt: at('51:20.000000') });
    cluster.switchover = { ...there(cluster.switchover, 'switchover'), from: 'db1', to: 'db2' };
    const roles = there(cluster.roles, 'roles');
    roles.leaderKey = [['50:41.000000', 'db1'] as [string, string?], ...keys].map(([time, member]) => ({
      at: at(time),
      ...(member === undefined ? {} : { member }),
    }));
    seen = leaderChanges(roles, episode, cluster).map(({ why }) => why);
  });
  return seen.slice(1);
}

describe('changes of the leader key of a cluster that heals', () => {
  test.each<[string, (string | undefined)[], Parameters<typeof whys>]>([
    ['the switchover after it', ['switchover'], [[['51:30.000000', 'db2']]]],
    [
      'gone for a while, then the same member',
      ['the same member again'],
      [[['51:04.000000'], ['51:05.000000', 'db1']]],
    ],
    ['written anew by its member, never gone', ['the same member again'], [[['51:24.000000', 'db1']]]],
    ['the same member again, after it has settled', [undefined], [[['51:24.000000'], ['51:25.000000', 'db1']]]],
    ['another member, and no promotion is explained', [undefined], [[['51:04.000000'], ['51:05.000000', 'db3']]]],
    ['another member, by a promotion', ['promotion'], [[['51:05.000000', 'db3']], { promotions: [1, 1] }]],
    ['a change before the accident', ['before the accident'], [[['50:59.000000', 'db2']]]],
    ['between the moment before and the strike', [undefined], [[['51:02.500000', 'db2']]]],
    [
      'beside the cluster nothing takes the key away',
      [undefined],
      [[['51:04.000000'], ['51:05.000000', 'db1']], { branch: 'none' }],
    ],
  ])('%s', (_name, expected, given) => expect(whys(...given)).toEqual(expected));
});
