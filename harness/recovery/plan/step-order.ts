/**
 * Steps that a step goes on beside, where they stand before it in the plan: everything else before it has to be done first.
 * The others are fenced while the node leaves, and its backup is restored meanwhile; Barman follows the
 * new leader while members are copied. The fresh backup comes after them: one more copy of the leader would only make those slower on
 * which the cluster's redundancy waits, and until it is there, the old backup and the archive serve.
 */
const besides: Readonly<Record<string, readonly string[]>> = {
  'archive-tail': ['isolate'],
  fence: ['isolate'],
  rearm: ['rejoin'],
};

/**
 * The steps that have to be done before one is begun.
 * @param before ids of all that stand before it in the plan, in order
 */
export function prerequisites(id: string, before: readonly string[]): string[] {
  // Only what comes after the node has left concerns the others alone.
  const others = id === 'restore' && before.includes('isolate') ? before.slice(before.indexOf('isolate') + 1) : [];
  const beside = new Set([...(besides[id] ?? []), ...others]);
  return before.filter((one) => !beside.has(one));
}
