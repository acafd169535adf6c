import { PgdrillError } from '../record/errors';
import type { Incident } from '../record/incident';
import { pause } from '../run/until';
import type { Noted, Operation } from '../operations/operation';
import type { Accident, StrikeContext } from './accident';

/** An accident, or an operation: a function is an operation here. */
export type Part = Accident | Operation;

/**
 * Accidents and operations, done one by one: `sequence(restorePoint('good'), killPostmaster(), after('5s', deleteAllRows('book.tickets')))`.
 *
 * What they note goes into the incident, where a target finds it; of two notes of one name the first is kept. The moment before
 * is that before the first accident. One without effect ends it there: what comes after would only hide that.
 * @throws PGDRILL_DRILL_INVALID where no part is an accident
 */
export function sequence(...parts: readonly Part[]): Accident {
  const accidents = parts.filter(isAccident);
  const [first] = accidents;
  if (!first) {
    throw new PgdrillError('PGDRILL_DRILL_INVALID', 'a sequence was given no accident', 'give it one at least');
  }
  return {
    ...natureOf(accidents),
    name: accidents.length === 1 ? first.name : 'sequence',
    title: accidents.map(({ title }) => title).join(', then '),
    async strike(context) {
      const incidents: Incident[] = [];
      const left: Noted[] = [];
      for (const part of parts) {
        if (!isAccident(part)) {
          left.push((await part(context)) ?? {});
          continue;
        }
        const incident = await part.strike(context);
        incidents.push(incident);
        left.push(incident);
        if (!incident.proof.took) break;
      }
      return { ...inOne(incidents), ...notesOf(left) };
    },
  };
}

/**
 * The same part so many times, one after the other.
 * @throws PGDRILL_DRILL_INVALID unless `times` is a whole number from 1
 */
export function repeat(times: number, part: Accident): Accident {
  if (!Number.isInteger(times) || times < 1) {
    throw new PgdrillError('PGDRILL_DRILL_INVALID', `repeat(${times}, …)`, 'give it a whole number from 1');
  }
  return { ...sequence(...Array.from({ length: times }, () => part)), title: `${times} times: ${part.title}` };
}

/**
 * The part, once a time has passed: what an accident does not strike at once. Not for waiting until something holds.
 * @param time like `500ms`, `5s`, `2m`
 * @throws PGDRILL_DRILL_INVALID
 */
export function after(time: string, part: Accident): Accident;
export function after(time: string, part: Operation): Operation;
export function after(time: string, part: Part): Part {
  const ms = msOf(time);
  if (!isAccident(part)) {
    return async (context) => {
      await pause(ms, context.run.signal);
      return part(context);
    };
  }
  return {
    ...part,
    async strike(context) {
      await pause(ms, context.run.signal);
      return part.strike(context);
    },
  };
}

/** An operation that takes its time, and that tells whether it is at work. */
export interface LongOperation {
  /** In the words of a sentence: `a base backup`. */
  title: string;
  begin(context: StrikeContext): {
    /** Settles when the operation is at work; rejects where it ends before. */
    atWork: Promise<void>;
    /** How it ended, in words. It may well fail: that is what the drill is about. */
    ended: Promise<string>;
  };
}

/** The accident strikes while the operation is at work, and how that ended is noted. One that had ended before proves nothing. */
export function during(operation: LongOperation, accident: Accident): Accident {
  return {
    ...accident,
    title: `${accident.title} during ${operation.title}`,
    async strike(context) {
      const { atWork, ended } = operation.begin(context);
      let over: string | undefined;
      const noteEnd = ended.then(
        (words) => (over = words),
        (error: unknown) => (over = `failed: ${error instanceof Error ? error.message : String(error)}`),
      );
      await atWork;
      const before = over;
      const incident = await accident.strike(context);
      const how = await noteEnd;
      const { proof } = incident;
      return {
        ...incident,
        proof: {
          took: proof.took && before === undefined,
          expected: `${proof.expected}, during ${operation.title}`,
          found:
            before === undefined
              ? `${proof.found}; ${operation.title}: ${how}`
              : `${operation.title} had ended: ${before}`,
        },
        noted: { ...incident.noted, [operation.title]: how },
      };
    },
  };
}

/** ms of a time like `500ms`, `5s`, `2m`. @throws PGDRILL_DRILL_INVALID */
export function msOf(time: string): number {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(time);
  const factor = { ms: 1, s: 1000, m: 60_000 }[found?.[2] ?? ''];
  if (found && factor !== undefined) return Number(found[1]) * factor;
  throw new PgdrillError('PGDRILL_DRILL_INVALID', `"${time}" is no time`, 'write it like 500ms, 5s, 2m');
}

/** Several incidents as one: from the first strike on, proven where each is. */
export function inOne(incidents: readonly Incident[]): Incident {
  const [first] = incidents;
  if (first && incidents.length === 1) return first;
  const last = incidents.at(-1);
  if (!first || !last) throw new PgdrillError('PGDRILL_DRILL_INVALID', 'nothing struck', 'give it an accident');
  const words = (of: 'expected' | 'found') => incidents.map((one) => one.proof[of]).join('; ');
  return {
    accident: 'sequence',
    title: incidents.map(({ title }) => title).join(', then '),
    member: [...new Set(incidents.map(({ member }) => member))].join(', '),
    ...(first.leader === undefined ? {} : { leader: first.leader }),
    before: first.before,
    struckAt: first.struckAt,
    ...(last.xid === undefined ? {} : { xid: last.xid }),
    proof: { took: incidents.every(({ proof }) => proof.took), expected: words('expected'), found: words('found') },
  };
}

function notesOf(left: readonly Noted[]): Required<Noted> {
  const marks = left.flatMap((one) => one.marks ?? []);
  const noted = left.reduce<Record<string, string>>((all, one) => ({ ...one.noted, ...all }), {});
  return { marks, noted };
}

function natureOf(accidents: readonly Accident[]): Pick<Accident, 'twoWriters' | 'stopsWrites'> {
  return {
    ...(accidents.some(({ twoWriters }) => twoWriters) ? { twoWriters: true } : {}),
    ...(accidents.some(({ stopsWrites }) => stopsWrites) ? { stopsWrites: true } : {}),
  };
}

const isAccident = (part: Part): part is Accident => typeof part !== 'function';
