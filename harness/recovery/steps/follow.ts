import type { PatroniNode } from '../../cluster/patroni-node';
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
  await until(
    'member rewound',
    run,
    async () => {
      refuseFailed(member, await rewindWords(member, since));
      if (performance.now() - committedAt > COMMIT_EVERY) {
        await commitSomething(site);
        committedAt = performance.now();
      }
      seen = await stateOf(node, member);
      return seen === 'streams' && (await isOnBranch(node, member));
    },
    { everyMs: 300, seen: () => `${member.name}: ${seen}` },
  );
  const words = await rewindWords(member, since);
  refuseFailed(member, words);
  return words.find((line) => /servers diverged/.test(line)) ?? 'it had not gone another way: nothing to rewind';
}

async function commitSomething({ node, result }: Site): Promise<void> {
  const xid = await node.value('SELECT pg_current_xact_id()');
  result.ownXids = [...(result.ownXids ?? []), xid];
}

async function stateOf(leader: PatroniNode, member: PatroniNode): Promise<string> {
  const [leading, own] = await Promise.all([leader.patroni(), member.patroni()]);
  const streams = leading?.replication.some((row) => row.applicationName === member.name && row.state === 'streaming');
  if (!own) return 'silent';
  if (!/^(running|streaming)$/.test(own.state)) return own.state;
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

/** What Patroni's log says of pg_rewind since a moment, line by line. */
async function rewindWords(member: PatroniNode, since: Date): Promise<string[]> {
  const text = await member.container.logs({ since });
  return text.split('\n').flatMap((line) => {
    const words = /(running pg_rewind|pg_rewind exit code=\d+|pg_rewind: .*|Failed to rewind.*)/.exec(line)?.[1];
    return words === undefined ? [] : [words.replace(/^pg_rewind: (servers diverged)/, '$1')];
  });
}

function refuseFailed(member: PatroniNode, words: readonly string[]): void {
  const failed = words.findIndex((line) =>
    /^(Failed to rewind|pg_rewind exit code=[1-9])|no rewind required/.test(line),
  );
  if (failed === -1) return;
  const said = words.filter((line) => /error|fatal|no rewind required/.test(line)).at(-1) ?? words[failed]!;
  throw new PgdrillError('PGDRILL_REWIND_FAILED', `${member.name} was not rewound: ${said}`, 'it is copied instead');
}
