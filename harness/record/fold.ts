import { eventBodySchema, eventEnvelopeSchema, type EventOf, type RunEvent } from './events';
import type { ClusterEvidence, EpisodeEvidence, Evidence } from './evidence';
import { PgdrillError } from './errors';

/** What reading an events.jsonl gave: the events, and what could not be read, in words. */
export interface ReadEvents {
  events: RunEvent[];
  unreadable: string[];
}

/**
 * Parses the text of an events.jsonl. A half-written last line (the writer was killed) is accepted and reported; an
 * unknown or malformed event elsewhere is reported and left out.
 */
export function parseEvents(text: string): ReadEvents {
  const events: RunEvent[] = [];
  const unreadable: string[] = [];
  const lines = text.split('\n');
  const complete = text.endsWith('\n');
  lines.forEach((line, index) => {
    if (line === '') return;
    const last = index === lines.length - 1 && !complete;
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      unreadable.push(last ? `line ${index + 1}: half-written` : `line ${index + 1}: not JSON`);
      return;
    }
    const envelope = eventEnvelopeSchema.safeParse(json);
    const body = eventBodySchema.safeParse(json);
    if (envelope.success && body.success) events.push({ ...body.data, seq: envelope.data.seq, at: envelope.data.at });
    else
      unreadable.push(`line ${index + 1}: unknown event ${envelope.success ? `"${envelope.data.kind}"` : ''}`.trim());
  });
  return { events, unreadable };
}

/**
 * Everything observed, from the events alone: a pure fold.
 * @throws PGDRILL_EVIDENCE_UNREADABLE when the first line does not say what run this is
 */
export function foldEvents(read: ReadEvents): Evidence {
  const started = read.events.find((event): event is EventOf<'run-started'> => event.kind === 'run-started');
  if (!started) {
    throw new PgdrillError(
      'PGDRILL_EVIDENCE_UNREADABLE',
      'the events do not begin with a run that started',
      'give the folder of a run, which holds an events.jsonl written by pgdrill',
    );
  }
  const evidence: Evidence = {
    format: 1,
    run: {
      id: started.run,
      drill: started.drill,
      title: started.title,
      seed: started.seed,
      stack: started.stack,
      pgdrill: started.pgdrill,
      ...(started.phases.includes('aside') ? { deep: true } : {}),
      objectives: started.objectives,
    },
    episodes: [],
    unreadable: [...read.unreadable],
  };
  for (const event of read.events) foldEvent(evidence, event);
  return evidence;
}

function foldEvent(evidence: Evidence, event: RunEvent): void {
  switch (event.kind) {
    case 'episode-started':
      Object.assign(episodeOf(evidence, event.episode), {
        expectation: event.expectation,
        ...(event.twoWritersDeclared === undefined ? {} : { twoWritersDeclared: event.twoWritersDeclared }),
        ...(event.verification === undefined ? {} : { verification: event.verification }),
      });
      return;
    case 'observed':
      Object.assign(clusterOf(evidence, event), event.value);
      return;
    case 'member-observed': {
      const { members } = clusterOf(evidence, event);
      members[event.member] = { ...members[event.member], ...event.value };
      return;
    }
    case 'backup-made':
      clusterOf(evidence, event).backup = event.backup;
      return;
    case 'incident':
      episodeOf(evidence, event.episode).incident = event.incident;
      return;
    case 'recovered':
      episodeOf(evidence, event.episode).recovery = event.recovery;
      return;
    case 'measured': {
      const episode = episodeOf(evidence, event.episode);
      if (event.rtoWritesMs !== undefined) episode.rtoWritesMs = event.rtoWritesMs;
      if (event.rtoFullMs !== undefined) episode.rtoFullMs = event.rtoFullMs;
      if (event.silenceMs !== undefined) episode.silenceMs = event.silenceMs;
      return;
    }
    case 'secrets-searched':
      evidence.secrets = event.value;
      return;
    case 'error': {
      const { phase, code, what, cure, interrupted } = event;
      evidence.stopped ??= { phase, code, what, interrupted, ...(cure === undefined ? {} : { cure }) };
      return;
    }
    default:
      return;
  }
}

function episodeOf(evidence: Evidence, index: number): EpisodeEvidence {
  while (evidence.episodes.length <= index)
    evidence.episodes.push({ expectation: { kind: 'recovered' }, clusters: {} });
  return evidence.episodes[index]!;
}

function clusterOf(evidence: Evidence, place: { episode: number; cluster: string }): ClusterEvidence {
  const { clusters } = episodeOf(evidence, place.episode);
  return (clusters[place.cluster] ??= {
    scope: '',
    systemIdentifier: '0',
    bootTimeline: 1,
    databases: [],
    members: {},
  });
}
