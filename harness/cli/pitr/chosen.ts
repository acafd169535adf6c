import type { Cluster } from '../../cluster/cluster';
import { parseTargetText } from '../../formats/target-text';
import { microsTime } from '../../formats/timestamptz';
import { gatherFacts } from '../../recovery/gather-facts';
import { PgdrillError } from '../../record/errors';
import { onServer, serverNames } from './barman-server-of';
import { choose, chooseServer, type Choosing } from './choose';
import { refuseHalfDone } from './half-done';
import { pitrAsk, type PitrFlags } from './options';
import { recover } from './recover';
import type { PitrSession } from './session';
import { utcText } from './plan-text';
import { sourceZone } from './source-zone';
import { readTarget } from './target-moment';

/**
 * Tells while a person can still answer otherwise what the planner would refuse at the end: a time from before the backup
 * is consistent. Everything else is the planner's.
 */
function reaches(cluster: Cluster): NonNullable<Choosing['whyNot']> {
  return async (written, { id, range }) => {
    try {
      const { target } = await readTarget(cluster, parseTargetText(written), true, written);
      const from = range?.from.time;
      if (target.kind !== 'time' || from === undefined || microsTime(target.time) >= microsTime(from)) return undefined;
      return `${utcText(target.time)} lies before ${utcText(from)}, from when on backup ${id} can be recovered: a later time, or Ctrl-C and an older backup`;
    } catch (error) {
      if (error instanceof PgdrillError && /^PGDRILL_(TARGET|ZONE)_/.test(error.code))
        return `${error.what}; ${error.cure}`;
      throw error;
    }
  };
}

/** `pgdrill pitr` with nothing else, at a terminal: a person chooses, and is asked before anything is done. */
export async function chosenByPerson(session: PitrSession, flags: PitrFlags): Promise<number> {
  const { run, view, asker } = session;
  // Before a person has answered everything, only to be told so at the end.
  if (!flags.dryRun) await refuseHalfDone(session.cluster, session.command);
  const choosing = { asker, print: (text: string) => view.print(text) };
  const own = session.cluster.barman.server;
  const servers = flags.server === undefined ? serverNames(await session.cluster.barman.json(['list-servers'])) : [];
  const server = flags.server ?? (await chooseServer(choosing, servers, own));
  const { cluster } = await onServer(run, session.cluster, server);
  view.print(
    `Recovery of ${cluster.description.scope}, from Barman's server ${cluster.barman.server}. Ctrl-C leaves all as it is.`,
  );
  const leader = await cluster.findLeader();
  const [facts, zone] = await Promise.all([
    gatherFacts(run, cluster),
    sourceZone(cluster, leader).then(
      ({ name, from }) => `${name}, ${from}`,
      () => 'a zone that is not known: write it',
    ),
  ]);
  const chosen = await choose(
    { ...choosing, whyNot: reaches(cluster) },
    facts,
    { ...flags, ...(server === own ? {} : { server }) },
    zone,
  );
  const ask = pitrAsk(chosen.backup, chosen.target, chosen.flags);
  const answer = await asker.ask(ask.dryRun ? '\nShow the plan? (Y/n) ' : '\nBegin? (y/N) ');
  const agreed = ask.dryRun ? !/^n/i.test(answer) : /^y(es)?$/i.test(answer);
  if (!agreed)
    throw new PgdrillError('PGDRILL_NOT_CONFIRMED', 'not confirmed: the answer was no', 'nothing was changed');
  view.print('');
  // Confirmed already, but for a cluster of somebody else's: its name is asked for.
  const yes = session.setting.yes || cluster.description.origin !== 'foreign';
  return recover({ ...session, setting: { ...session.setting, yes } }, ask);
}
