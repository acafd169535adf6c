import type { PatroniNode } from '../../cluster/patroni-node';
import { messageOf } from '../../record/errors';
import { nowText } from '../../run/recorder';
import { keptDirectory } from '../plan/step-parts';
import { oldLeaderOf, putBackMark, touchedMembers } from '../plan/stands';
import type { Site, Step } from '../site';
import { emptyData, putAside, putBackData } from './data-aside';
import { awaitFollowing, awaitRewound } from './follow';

/**
 * The other members come back, each as the plan says: emptied, it copies the new leader by itself (Patroni's basebackup
 * method); left as it is, Patroni runs pg_rewind. The old leader's data is the way back: it is put aside where there is
 * room, else the old leader comes last.
 */
export const rejoin: Step = { do: bringBack, undo: takeOthersBack };

type Planned = Site['plan']['others'][number];

async function bringBack(site: Site): Promise<string> {
  const { cluster, node, result } = site;
  const begunBefore = new Set(result.rejoinBegun ?? []);
  result.rejoined ??= [];
  const others = cluster.others(node.name).map((member) => ({ member, planned: plannedFor(site, member) }));
  // pg_rewind reads the source's timeline from its control file, which follows at a checkpoint.
  if (others.some(({ planned }) => planned.rejoin === 'rewind')) await node.query('CHECKPOINT');
  const last = await comesLast(site, others);
  const one = async ({ member, planned }: (typeof others)[number]) => {
    const already = result.rejoined?.find((done) => done.member === member.name);
    if (already && (await member.hasPostmaster())) return;
    if (begunBefore.has(member.name)) await member.stopPatroni();
    const how = await bringBackOne(site, member, planned, begunBefore.has(member.name));
    result.rejoined = [...(result.rejoined ?? []).filter((done) => done.member !== member.name), how];
    await site.save();
  };
  await Promise.all(others.filter(({ member }) => member !== last).map(one));
  await Promise.all(others.filter(({ member }) => member === last).map(one));
  await cluster.awaitStreaming('members rejoined');
  result.rejoinedAt = nowText();
  return result.rejoined.map(({ member, by }) => `${member} by ${by}`).join(', ') || 'no other member';
}

/** What is not in the plan, as in one of an earlier version, is copied. */
function plannedFor({ plan }: Site, { name }: PatroniNode): Planned {
  return (
    plan.others.find((other) => other.member === name) ?? { member: name, rejoin: 'copy', reason: 'not in the plan' }
  );
}

/**
 * Known before it is so: a rollback has to know whose data is gone. Data that is put aside is seen there; until it is, it
 * is untouched.
 */
async function noteBegun(site: Site, { name }: PatroniNode): Promise<void> {
  const { result } = site;
  result.rejoinBegun = [...new Set([...(result.rejoinBegun ?? []), name])];
  await site.save();
}

/** The old leader, unless its data can be put aside. */
async function comesLast(
  site: Site,
  others: readonly { member: PatroniNode; planned: Planned }[],
): Promise<PatroniNode | undefined> {
  const old = others.find(({ member }) => member.name === oldLeaderOf(site));
  if (!old) return undefined;
  return old.planned.rejoin === 'copy' && (await hasRoom(site, old.member)) ? undefined : old.member;
}

/** Whether a copy fits beside the member's old data, with a tenth more for its WAL. */
async function hasRoom({ plan }: Site, member: PatroniNode): Promise<boolean> {
  const script =
    '[ -e "$2" ] && exit 0; needs=$(du -skL "$1" | cut -f 1); free=$(df -k --output=avail "$1" | tail -n 1); [ $((needs * 11 / 10)) -lt $free ]';
  const kept = keptDirectory(member.dataDir, plan.id);
  const { exitCode } = await member.exec(['sh', '-c', script, 'sh', member.dataDir, kept], { check: false });
  return exitCode === 0;
}

async function bringBackOne(
  site: Site,
  member: PatroniNode,
  planned: Planned,
  again: boolean,
): Promise<{ member: string; by: 'copy' | 'rewind'; reason: string }> {
  const { name } = member;
  // What an earlier try has begun to rewind may be half rewound.
  if (planned.rejoin === 'rewind' && !again) {
    const since = new Date();
    await noteBegun(site, member);
    await member.startPatroni();
    try {
      return { member: name, by: 'rewind', reason: await awaitRewound(site, member, since) };
    } catch (error) {
      site.run.note(`${name} is copied after all: ${messageOf(error)}`);
      await member.stopPatroni();
      await copyAnew(site, member);
      return { member: name, by: 'copy', reason: `pg_rewind did not bring it back: ${messageOf(error)}` };
    }
  }
  await copyAnew(site, member);
  const reason = planned.rejoin === 'copy' ? planned.reason : 'an earlier try to rewind it was cut off';
  return { member: name, by: 'copy', reason };
}

/** Empties the member, or puts its data aside, and has it copy the leader. */
async function copyAnew(site: Site, member: PatroniNode): Promise<void> {
  const { plan, request } = site;
  const aside = request.keepOld || (member.name === oldLeaderOf(site) && (await hasRoom(site, member)));
  if (!aside) {
    await noteBegun(site, member);
    await emptyData(member, plan.id);
  } else {
    await putAside(member, plan.id);
    await noteBegun(site, member);
  }
  await member.startPatroni();
  await awaitFollowing(site, member);
}

/**
 * Stops the others. Those whose data was touched hold the given-up branch, or half of it: they get back what was put aside,
 * else they are emptied and copy the old leader. (Whether the old leader still has its data is asked before anything is
 * taken back.)
 */
async function takeOthersBack(site: Site): Promise<string> {
  const { cluster, node, plan } = site;
  const others = cluster.others(node.name);
  await Promise.all(others.map((other) => other.stopPatroni()));
  const touched = touchedMembers(site);
  const back: string[] = [];
  const emptied: string[] = [];
  const marks: (() => Promise<unknown>)[] = [];
  await Promise.all(
    others.map(async (other) => {
      const mark = `${other.dataDir}/${putBackMark}`;
      const aside = keptDirectory(other.dataDir, plan.id);
      // Marked before it is moved: cut off after that, another try must not take it for data of the given-up branch.
      const script = 'if [ -e "$1" ]; then touch "$1/$2"; fi';
      await other.exec(['sh', '-c', script, 'sh', aside, putBackMark]);
      await putBackData(other, plan.id);
      const { exitCode } = await other.exec(['test', '-e', mark], { check: false });
      if (exitCode === 0) {
        back.push(other.name);
        marks.push(() => other.exec(['rm', '-f', mark]));
      } else if (touched.includes(other.name)) {
        emptied.push(other.name);
        await emptyData(other, plan.id);
      }
    }),
  );
  const { result } = site;
  result.rejoinBegun = touched.filter((name) => !back.includes(name));
  result.rolledBack = { thrownAway: 0, quarantined: 0, ...result.rolledBack, copied: emptied.sort() };
  await site.save();
  await Promise.all(marks.map((remove) => remove()));
  const said = [
    ...back.sort().map((name) => `${name} has its old data`),
    ...emptied.map((name) => `${name} is emptied`),
  ];
  return ['the other members are stopped', ...said].join('; ');
}
