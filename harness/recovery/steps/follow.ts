import type { PatroniNode } from '../../cluster/patroni-node';
import { rewindFailure, rewindWords } from '../../formats/rewind-words';
import { historyNameOf } from '../../formats/wal-name';
import { PgdrillError } from '../../record/errors';
import { until, type UntilOptions } from '../../run/until';
import type { Site } from '../site';

/** ms between two commits on the new leader that let a rewound member become consistent. */
const COMMIT_EVERY = 1000;

/** Waits until the new leader streams to a member, and the member says so itself. */
export async function awaitFollowing({ run, node }: Site, member: PatroniNode): Promise<void> {
  let seen = 'silent';
  const options: UntilOptions = { everyMs: 150, seen: () => `${member.name}: ${seen}` };
  await until('members rejoined', run, async () => (seen = await stateOf(node, member)) === 'streams', options);
}

/**
 * Waits until Patroni has rewound a member and it follows the leader on the leader's own branch.
 *
 * Such a member becomes readable only with WAL written at the source after the rewind (its minimum recovery point is the
 * source's insert position): on a leader that nobody writes to, something is committed now and then.
 * @param since when its Patroni was started
 * @returns what pg_rewind said, in one line
 * @throws PGDRILL_REWIND_FAILED, with pg_rewind's own words; PGDRILL_DEADLINE
 */
export async function awaitRewound(site: Site, member: PatroniNode, since: Date): Promise<string> {
  const { run, node } = site;
  let seen = 'silent';
  let committedAt = 0;
  // Where there is one, what the leader has removed comes from the archive.
  const fetches = (await node.value('SHOW restore_command')) !== '';
  await until(
    'member rewound',
    run,
    async () => {
      refuseFailed(member, await wordsOf(member, since), fetches);
      if (performance.now() - committedAt > COMMIT_EVERY) {
        await commitSomething(site);
        committedAt = performance.now();
      }
      seen = await stateOf(node, member);
      return seen === 'streams' && (await isOnBranch(node, member));
    },
    { everyMs: 300, seen: () => `${member.name}: ${seen}` },
  );
  const words = await wordsOf(member, since);
  refuseFailed(member, words, fetches);
  return words.find((line) => /servers diverged/.test(line)) ?? 'it had not gone another way: nothing to rewind';
}

async function commitSomething({ node, result }: Site): Promise<void> {
  const xid = await node.value('SELECT pg_current_xact_id()');
  result.ownXids = [...(result.ownXids ?? []), xid];
}

async function stateOf(leader: PatroniNode, member: PatroniNode): Promise<string> {
  // While it copies, the leader has better to do than to answer.
  const own = await member.patroni();
  if (!own) return 'silent';
  if (!/^(running|streaming)$/.test(own.state)) return own.state;
  const leading = await leader.patroni();
  const streams = leading?.replication.some((row) => row.applicationName === member.name && row.state === 'streaming');
  return streams ? 'streams' : `${own.state}, does not stream`;
}

/**
 * Whether a member has the leader's history: two branches of one number both stream, and `patronictl list` shows no
 * difference. A standby fetches only the histories that it does not have.
 */
async function isOnBranch(leader: PatroniNode, member: PatroniNode): Promise<boolean> {
  const timeline = await leader.writtenTimeline();
  const received = await member.value('SELECT received_tli FROM pg_stat_wal_receiver');
  if (Number(received) !== timeline) return false;
  const [own, wanted] = await Promise.all([member.history(timeline), leader.history(timeline)]);
  if (own === wanted) return true;
  throw new PgdrillError(
    'PGDRILL_REWIND_FAILED',
    `${historyNameOf(timeline)} of ${member.name} is not that of ${leader.name}: another branch of the same number`,
    'it is copied instead',
  );
}

async function wordsOf(member: PatroniNode, since: Date): Promise<string[]> {
  return rewindWords(await member.container.logs({ since }));
}

function refuseFailed(member: PatroniNode, words: readonly string[], fetches: boolean): void {
  const failure = rewindFailure(words, fetches);
  if (failure === undefined) return;
  throw new PgdrillError('PGDRILL_REWIND_FAILED', `${member.name} was not rewound: ${failure}`, 'it is copied instead');
}
