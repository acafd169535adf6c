import type { z } from 'zod';
import { PgdrillError } from '../record/errors';
import type { Incident } from '../record/incident';
import type { Random } from '../run/random';
import { nowText } from '../run/recorder';
import { dealing, type Accident, type StrikeContext } from './accident';
import { isSo, type AccidentKind, type Blow } from './kind';
import { captureMoment } from './moment';
import { noteOf, noteStriking } from './struck';
import { findVictims, victimsNamed, type Victims } from './victims';

/** Makes an accident of a kind for a drill: `killPostmaster({ on: 'leader' })`. */
export interface AccidentFactory<Options extends z.ZodObject = z.ZodObject> {
  (options?: Pick<z.input<Options>, keyof Options['shape'] & keyof z.input<Options>> & { on?: string }): Accident;
  readonly kind: AccidentKind<Options>;
}

/** One accident, one file: its description, and the function that drills call. */
export function defineAccident<Options extends z.ZodObject>(kind: AccidentKind<Options>): AccidentFactory<Options> {
  const make = ({ on, ...given }: { on?: string } & Record<string, unknown> = {}): Accident => {
    const options = checkedOptions(kind, given);
    return {
      name: kind.name,
      title: kind.title,
      ...(isSo(kind.twoWriters, options) ? { twoWriters: true } : {}),
      ...(isSo(kind.stopsWrites, options) ? { stopsWrites: true } : {}),
      async strike(context) {
        const leader = await context.cluster.leader();
        const before = await leader.use(captureMoment);
        const { victims, blow } = await strikeKind(kind, context, options, on);
        const incident: Incident = {
          accident: kind.name,
          title: kind.title,
          member: victims.names.join(', '),
          leader: leader.name,
          before: blow.before ?? before,
          struckAt: blow.struckAt ?? nowText(),
          proof: blow.proof,
        };
        if (blow.xid !== undefined) incident.xid = blow.xid;
        if (blow.noted) incident.noted = blow.noted;
        if (Object.keys(options).length > 0) incident.options = options;
        return incident;
      },
    };
  };
  return Object.assign(make as AccidentFactory<Options>, { kind });
}

/**
 * The options of a kind, with its defaults.
 * @throws PGDRILL_ACCIDENT_OPTIONS naming what is wrong with which
 */
export function checkedOptions<Options extends z.ZodObject>(
  kind: AccidentKind<Options>,
  given: Record<string, unknown>,
): z.output<Options> {
  const parsed = kind.options.strict().safeParse(given);
  if (parsed.success) return parsed.data as z.output<Options>;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'options'}: ${message}`);
  throw new PgdrillError(
    'PGDRILL_ACCIDENT_OPTIONS',
    `${kind.name}: ${wrong.join('; ')}`,
    `its options: ${Object.keys(kind.options.shape).join(', ') || 'none'}`,
  );
}

/**
 * Strikes. That it is about to is noted with the cluster first, and its undo is registered, so that neither the end of the
 * run nor that of this process leaves anything behind that could be undone.
 * @param on a role or a name; default: the first role of the kind
 * @param options.chance what chooses among several; default: of the run, the same for each accident of a name
 * @param options.undoneAtEnd whether the end of the run undoes it; default true. Else `mend` does, from any later process
 * @throws PGDRILL_ACCIDENT_TARGET; PGDRILL_LACKING where kernel, engine or cluster lack what it needs
 */
export async function strikeKind<Options extends z.ZodObject>(
  kind: AccidentKind<Options>,
  context: StrikeContext,
  options: z.output<Options>,
  on?: string,
  { undoneAtEnd = true, chance }: { undoneAtEnd?: boolean; chance?: Random } = {},
): Promise<{ victims: Victims; blow: Blow }> {
  const { run, cluster } = context;
  refuseForeign(kind, context);
  const victims = await findVictims(cluster, chance ?? run.random.derive(`accident ${kind.name}`), kind.strikes, on);
  const lacking = await kind.lacks?.(context, victims, options);
  if (lacking !== undefined) {
    throw new PgdrillError(
      'PGDRILL_LACKING',
      `${kind.name} cannot be done here: ${lacking}`,
      'run it where that is there',
    );
  }
  const notes = (await kind.prepare?.(context, victims, options)) ?? {};
  const entry = await noteStriking(cluster, {
    accident: kind.name,
    role: victims.role,
    struck: victims.names,
    options,
    notes,
    begunAt: nowText(),
  });
  const { undo } = kind;
  if (undo && undoneAtEnd) {
    run.teardown.add(`undo ${kind.name}`, 'undo', async () => {
      await undo({ run, cluster, options, struck: victims.names, notes });
      await noteOf(cluster, entry.id, { state: 'mended' });
    });
  }
  const blow = await kind.strike({ ...context, deal: dealing(context) }, victims, options, notes);
  await noteOf(cluster, entry.id, { state: 'struck', proof: blow.proof });
  return { victims: victimsNamed(cluster, victims.role, victims.names), blow };
}

/** Accidents act inside what pgdrill has made, found by its label, and nowhere else. */
function refuseForeign({ name }: { name: string }, { cluster }: StrikeContext): void {
  if (cluster.description.origin !== 'foreign') return;
  throw new PgdrillError(
    'PGDRILL_ACCIDENT_FOREIGN',
    `${name} is not done to ${cluster.description.scope}: pgdrill has not booted it`,
    'boot a cluster of your own with `pgdrill up`',
  );
}
