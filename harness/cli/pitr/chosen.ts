import { gatherFacts } from '../../recovery/gather-facts';
import { PgdrillError } from '../../record/errors';
import { onServer, serverNames } from './barman-server-of';
import { choose, chooseServer } from './choose';
import { pitrAsk, type PitrFlags } from './options';
import { recover } from './recover';
import type { PitrSession } from './session';
import { sourceZone } from './source-zone';

/** `pgdrill pitr` with nothing else, at a terminal: a person chooses, and is asked before anything is done. */
export async function chosenByPerson(session: PitrSession, flags: PitrFlags): Promise<number> {
  const { run, view, asker } = session;
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
  const chosen = await choose(choosing, facts, { ...flags, ...(server === own ? {} : { server }) }, zone);
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
