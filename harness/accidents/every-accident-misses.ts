import { describeError, PgdrillError } from '../record/errors';
import { nowText } from '../run/recorder';
import type { Run } from '../run/run';
import type { Accident, StrikeContext } from './accident';
import { accidentKinds } from './catalogue';
import { checkedOptions, strikeKind } from './define-accident';
import type { AccidentKind } from './kind';
import { captureMoment } from './moment';

/** Of the deadlines, for here every proof that is waited for never comes. */
const HURRY = 0.25;

/** How a proof that looks for what never comes says so. What else is thrown is no proof's word. */
const NOT_FOUND: readonly string[] = ['PGDRILL_DEADLINE', 'PGDRILL_COMMIT_NOT_FOUND'];

/** What a kind is struck with: a role or a name, and its options. */
export type StruckWith = { on?: string } & Record<string, unknown>;

/**
 * Every kind of accident of the catalogue, made to miss one after the other on one cluster: what strikes is left out, all that
 * looks and proves is done. None may say that it took effect. A kind that cannot be had on this machine is noted.
 * @param given by name of the kind, for those whose options have no default
 * @param only names of the kinds that are tried; default: all
 * @throws PGDRILL_FALSE_PROOF naming those that say that they took effect; PGDRILL_LACKING where none can be had
 */
export function everyAccidentMisses(
  given: Readonly<Record<string, StruckWith>> = {},
  only?: readonly string[],
): Accident {
  const kinds = accidentKinds.filter(({ name }) => only?.includes(name) ?? true);
  const title = `${only ? only.join(', ') : 'each kind of accident'}, made to miss`;
  return {
    name: 'every-accident-misses',
    title,
    async strike(context) {
      const leader = await context.cluster.leader();
      const before = await leader.use(captureMoment);
      const struckAt = nowText();
      const claimed: string[] = [];
      const lacking: string[] = [];
      for (const kind of kinds) {
        const { outcome, found } = await miss(kind, context, given[kind.name] ?? {});
        context.run.note(`${kind.name} ${outcome}: ${found}`);
        if (outcome === 'took effect') claimed.push(`${kind.name}: ${found}`);
        if (outcome === 'cannot be had') lacking.push(kind.name);
      }
      if (claimed.length > 0) {
        throw new PgdrillError(
          'PGDRILL_FALSE_PROOF',
          `made to miss, and said to have taken effect: ${claimed.join('; ')}`,
          'mend the proof, or have the strike make its changes through `deal`',
        );
      }
      const tried = kinds.length - lacking.length;
      if (tried === 0) {
        throw new PgdrillError(
          'PGDRILL_LACKING',
          `none of these kinds of accident can be had here: ${[...lacking, ...(only ?? [])].join(', ')}`,
          'pgdrill list --accidents tells what each needs',
        );
      }
      const without = lacking.length > 0 ? `; not here: ${lacking.join(', ')}` : '';
      return {
        accident: 'every-accident-misses',
        title,
        member: leader.name,
        before,
        struckAt,
        proof: { took: false, expected: 'something struck', found: `${counted(tried)}${without}` },
      };
    },
  };
}

function counted(tried: number): string {
  return tried === 1 ? '1 kind missed, and says so' : `${tried} kinds missed, and say so`;
}

interface Missed {
  outcome: 'missed' | 'took effect' | 'cannot be had';
  found: string;
}

async function miss(kind: AccidentKind, context: StrikeContext, { on, ...given }: StruckWith): Promise<Missed> {
  const run = Object.create(context.run, { deadlineScale: { value: context.run.deadlineScale * HURRY } }) as Run;
  try {
    const options = checkedOptions(kind, given);
    const { blow } = await strikeKind(kind, { ...context, run, misses: true }, options, on, { undoneAtEnd: false });
    const { took, expected, found } = blow.proof;
    return { outcome: took ? 'took effect' : 'missed', found: `expected ${expected}, found ${found}` };
  } catch (error) {
    const { code, what } = describeError(error);
    if (code === 'PGDRILL_LACKING') return { outcome: 'cannot be had', found: what };
    if (!NOT_FOUND.includes(code)) throw error;
    return { outcome: 'missed', found: what };
  }
}
