import { noteArchive } from '../observe/collectors/source-archive';
import { mend } from '../accidents/mend';
import { microsTime } from '../formats/timestamptz';
import { PgdrillError } from '../record/errors';
import { switchover } from '../operations/switchover';
import { nowText } from '../run/recorder';
import { until } from '../run/until';
import { restoredAside } from './aside';
import { checkAgainstBaseline } from './check-there';
import { gatherEvidence } from './evidence';
import { holdsAcknowledged } from './holds-acknowledged';
import { phase } from './phase';
import type { Play, Played } from './play';
import { noteBefore } from './stage';

/** The drill's episode: phases `before`, `accident`, `recover`, `switchover`, `spoil`, `observe`, `aside`. */
export async function playEpisode(play: Play): Promise<void> {
  const { drill, run, cluster } = play;
  const [{ before, accident, recovery, spoil, expect }] = drill.episodes;
  const { recorder } = run;
  const episode = 0;
  const context = { run, cluster, episode, database: play.database };
  recorder.record({
    kind: 'episode-started',
    episode,
    expectation: expect,
    ...(accident.twoWriters ? { twoWritersDeclared: true } : {}),
  });

  const played = {} as Played;
  if (before) {
    await phase(run, 'before', async () => {
      const done = await before(context);
      const doneAt = nowText();
      // After a switchover the writers find the new leader by themselves: the accident shall strike among writes.
      await someAcknowledged(play, (at) => microsTime(at) > microsTime(doneAt), 'writes resumed');
      await noteBefore(run, cluster, await cluster.leader());
      return done;
    });
  }
  await phase(run, 'accident', async () => {
    // Before anything is struck, so that it costs no time of the recovery.
    const noted = await noteArchive(run, cluster, play.backup.id);
    if (noted) played.noted = noted;
    const incident = await accident.strike(context);
    recorder.record({ kind: 'incident', episode, incident });
    played.incident = incident;
    if (!incident.proof.took)
      return `it did not take effect: expected ${incident.proof.expected}, found ${incident.proof.found}`;
    if (!accident.stopsWrites) {
      await someAcknowledged(
        play,
        (acknowledgedAt) => microsTime(acknowledgedAt) > microsTime(incident.struckAt),
        'ledger writing',
      );
    }
    return `${incident.title} on ${incident.member}: ${incident.proof.found}; moment before: ${incident.before.time}, ${incident.before.lsn}`;
  });

  const { incident } = played;
  // Nothing can be said about a recovery from nothing: the verdict will be unverified.
  if (!incident.proof.took) return;
  await phase(run, 'recover', async () => {
    const checkThere = (node: string) => checkAgainstBaseline(cluster.member(node), play.taken.baseline);
    const acknowledged = (node: string, { givenUpOn }: { givenUpOn: string | undefined }) =>
      holdsAcknowledged(play.ledger, cluster.member(node), { member: givenUpOn, after: incident.before.timeline });
    played.recovery = await recovery.recover({
      ...context,
      backup: play.backup,
      incident,
      checkThere,
      holdsAcknowledged: acknowledged,
      mend: () => mendAll(play),
    });
    recorder.record({ kind: 'recovered', episode, recovery: played.recovery });
    if (played.recovery.outcome !== 'done') return `${recovery.title}: ${played.recovery.outcome}`;
    if (played.recovery.branch === 'none') return awaitGoingOn(play, played);
    if (played.recovery.branch === 'promoted') return awaitHealed(play, played);
    await awaitResumed(play, incident.before.timeline, played.recovery.leadStartedAt);
    const times = measure(play, played);
    recorder.record({ kind: 'measured', episode, ...times });
    return `${played.recovery.node} leads, timeline ${played.recovery.newTimeline} at ${played.recovery.branchLsn}; first write after ${seconds(times.rtoWritesMs)}, all stream after ${seconds(times.rtoFullMs)}`;
  });

  if (played.recovery.outcome === 'done' && cluster.nodes.length > 1) {
    await phase(run, 'switchover', async () => {
      const startedAt = nowText();
      const started = performance.now();
      const turn = await switchover(run, cluster);
      await cluster.awaitStreaming();
      await someAcknowledged(play, (at) => microsTime(at) > microsTime(startedAt), 'writes resumed', turn.to);
      played.switchover = { ...turn, startedAt, durationMs: Math.round(performance.now() - started) };
      return `${turn.from} → ${turn.to}, every member streams, writes go on`;
    });
  }

  if (spoil) await phase(run, 'spoil', () => spoil({ ...context, incident, recovery: played.recovery }));
  await phase(run, 'observe', () => gatherEvidence(play, played));

  if (play.deep && played.recovery.outcome === 'done' && played.recovery.freshBackup !== undefined) {
    await phase(run, 'aside', () => restoredAside(play, played));
  }
}

/** Waits until every writer was acknowledged once more at a time that counts. */
async function someAcknowledged(
  { run, ledger, drill }: Play,
  counts: (acknowledgedAt: string) => boolean,
  deadline: 'ledger writing' | 'writes resumed',
  through?: string,
): Promise<void> {
  await until(
    deadline,
    run,
    () =>
      ledger.writersWith((last) => (through === undefined || last.member === through) && counts(last.acknowledgedAt)) >=
      drill.writers,
  );
}

/** Waits until every writer was acknowledged by the recovered leader. */
async function awaitResumed({ run, ledger, drill }: Play, timeline: number, since?: string): Promise<void> {
  await until(
    'writes resumed',
    run,
    () =>
      ledger.writersWith(
        (last) =>
          (last.timeline ?? 0) > timeline &&
          (since === undefined || microsTime(last.acknowledgedAt) >= microsTime(since)),
      ) >= drill.writers,
  );
}

/** After a recovery beside the cluster: writes have never ceased, and go on. */
async function awaitGoingOn(play: Play, { incident, recovery }: Played): Promise<string> {
  const doneAt = nowText();
  await someAcknowledged(play, (at) => microsTime(at) > microsTime(doneAt), 'writes resumed');
  const back = recovery.rejoinedAt ?? doneAt;
  const rtoFullMs = Number(microsTime(back) - microsTime(incident.struckAt)) / 1000;
  play.run.recorder.record({ kind: 'measured', episode: 0, rtoFullMs });
  const { inserted, updated, removed } = recovery.rescue ?? { inserted: '0', updated: '0', removed: '0' };
  return `${recovery.node} led all the while; ${inserted} rows back, ${updated} put right, ${removed} removed after ${seconds(rtoFullMs)}`;
}

/** What struck and can be undone is undone. @throws where that failed */
async function mendAll({ run, cluster }: Play): Promise<string> {
  const done = await mend(run, cluster);
  const failed = done.find(({ outcome }) => outcome === 'failed');
  if (failed) {
    throw new PgdrillError(
      'PGDRILL_NOT_MENDED',
      `${failed.struck.accident} was not undone: ${failed.found}`,
      'look at the containers of the run',
    );
  }
  return done.map(({ found }) => found).join('; ') || 'nothing to undo';
}

/** After a cluster has healed: every writer goes on, and how long none did is known. */
async function awaitHealed(play: Play, { incident, recovery }: Played): Promise<string> {
  const { ledger, run } = play;
  const back = recovery.rejoinedAt ?? nowText();
  await someAcknowledged(play, (at) => microsTime(at) > microsTime(back), 'writes resumed');
  const { struckAt, struckUntil } = incident;
  const since = (at: string) => Math.max(0, Number(microsTime(at) - microsTime(struckUntil ?? struckAt)) / 1000);
  const silence = await ledger.longestSilence(struckAt);
  const times = {
    ...(silence ? { silenceMs: silence.ms } : {}),
    // Of one accident of many, nobody can say when writes were back.
    ...(silence && struckUntil === undefined ? { rtoWritesMs: since(silence.until) } : {}),
    rtoFullMs: since(back),
  };
  run.recorder.record({ kind: 'measured', episode: 0, ...times });
  return `${recovery.node} leads; ${seconds(silence?.ms)} without an acknowledged write, all stream after ${seconds(times.rtoFullMs)}`;
}

/** From the accident to the first acknowledged write on the recovered leader, and until every member streams again. */
function measure({ ledger }: Play, { incident, recovery }: Played): { rtoWritesMs?: number; rtoFullMs?: number } {
  const struck = microsTime(incident.struckAt);
  const since = (at: string) => Number(microsTime(at) - struck) / 1000;
  const resumed = ledger.firstAcknowledgedAfter(incident.before.timeline, recovery.leadStartedAt);
  return {
    ...(resumed === undefined ? {} : { rtoWritesMs: since(resumed) }),
    ...(recovery.rejoinedAt === undefined ? {} : { rtoFullMs: since(recovery.rejoinedAt) }),
  };
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? 'an unknown time' : `${(ms / 1000).toFixed(1)} s`;
}
