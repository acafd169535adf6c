import type { CheckResult, Verdict } from '../record/verdict';

/** In what two verdicts of one run differ, one line each, by check. Pure. */
export function verdictDifferences(before: Verdict, now: Verdict): string[] {
  const lines: string[] = [];
  if (before.outcome !== now.outcome) lines.push(`outcome: was ${before.outcome}, is ${now.outcome}`);
  const names = [...new Set([...before.checks, ...now.checks].map(({ check }) => check))].sort();
  for (const name of names) {
    const one = before.checks.find(({ check }) => check === name);
    const other = now.checks.find(({ check }) => check === name);
    const difference = checkDifference(one, other);
    if (difference) lines.push(`check ${name}: ${difference}`);
  }
  const rest = [
    'code',
    'reason',
    'cure',
    'interrupted',
    'expected',
    'figures',
    'title',
    'seed',
    'stack',
    'run',
    'drill',
  ] as const;
  for (const key of rest) {
    const [a, b] = [JSON.stringify(before[key]), JSON.stringify(now[key])];
    if (a !== b && canonical(before[key]) !== canonical(now[key]))
      lines.push(`${key}: was ${a ?? 'absent'}, is ${b ?? 'absent'}`);
  }
  lines.push(...listDifference('not covered', before.notCovered, now.notCovered));
  return lines.length > 0 ? lines : ['only in the version or in how it is written'];
}

/** What came to a list and what left it. */
function listDifference(name: string, before: readonly string[], now: readonly string[]): string[] {
  const left = before.filter((item) => !now.includes(item)).map((item) => `${name}: no longer "${item}"`);
  return [...left, ...now.filter((item) => !before.includes(item)).map((item) => `${name}: now also "${item}"`)];
}

function checkDifference(before: CheckResult | undefined, now: CheckResult | undefined): string | undefined {
  if (!before) return `is new (version ${now?.version}), says ${now?.status}`;
  if (!now) return `was there (version ${before.version}), said ${before.status}`;
  const versions =
    before.version === now.version ? `version ${now.version}` : `version ${before.version}, now ${now.version}`;
  if (before.status !== now.status) return `said ${before.status}, says ${now.status} (${versions})`;
  if (canonical(before.findings) === canonical(now.findings)) {
    return before.version === now.version && before.title === now.title ? undefined : `the same findings (${versions})`;
  }
  return `says ${now.status} as before, with other findings (${versions})`;
}

/** The value with the keys of its objects sorted, so that their order is no difference. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
