import type { SessionRun } from '../harness/record/session';
import type { Verdict } from '../harness/record/verdict';
import { renderVerdict, type VerdictTextOptions } from './verdict-text';

/** A run as people see it at its end; one whose process died before it could judge has no checks to show. */
export function renderRun(run: SessionRun, options: VerdictTextOptions): string {
  return renderVerdict(run.verdict ?? withoutVerdict(run), options);
}

function withoutVerdict(run: SessionRun): Verdict {
  const { stopped } = run;
  const where = stopped?.phase ? ` (in the phase ${stopped.phase})` : '';
  return {
    format: 1,
    pgdrill: '',
    run: run.run,
    drill: run.drill,
    title: run.title,
    seed: run.seed,
    stack: '',
    outcome: run.outcome,
    interrupted: run.interrupted,
    ...(stopped ? { code: stopped.code, reason: `${stopped.what}${where}` } : {}),
    ...(stopped?.cure ? { cure: stopped.cure } : {}),
    checks: [],
    notCovered: [],
    figures: {},
  };
}
