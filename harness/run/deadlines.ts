/**
 * Every wait of pgdrill, by name, in one table (ms). A wait ends when its condition holds; the deadline is the point
 * where waiting stops making sense, not an expected duration. `--deadline-scale` (or PGDRILL_DEADLINE_SCALE)
 * multiplies all of them, for slow machines.
 */
export const deadlines = {
  'engine answers': 10_000,
  'image built': 600_000,
  'base image made': 300_000,
  'containers started': 60_000,
  'etcd healthy': 30_000,
  'etcd key read': 3_000,
  'leader elected': 60_000,
  'leader looked for': 35_000,
  'members streaming': 60_000,
  'barman connected': 60_000,
  'dataset loaded': 1_800_000,
  'ledger writing': 20_000,
  'backup made': 900_000,
  'backup usable': 120_000,
  'accident proven': 60_000,
  'segment archived': 120_000,
  'members fenced': 60_000,
  'configuration taken up': 30_000,
  'backup recovered': 900_000,
  'recovery finished': 900_000,
  'postmaster stopped': 120_000,
  'recovered node leads': 90_000,
  'members rejoined': 900_000,
  'member rewound': 300_000,
  'writes resumed': 60_000,
  'archive checked': 120_000,
  'archive read': 600_000,
  'barman check settled': 75_000,
  'switchover done': 60_000,
  'member answers': 30_000,
  'replay caught up': 120_000,
  'rows brought back': 1_800_000,
  'symptom shown': 60_000,
  'archiver tried': 15_000,
  'member settled': 15_000,
  'receive-wal came back': 15_000,
  'cluster sound again': 90_000,
  'detector answers': 60_000,
  'clock passed': 120_000,
  'relation free': 20_000,
  'evidence gathered': 1_800_000,
  'command in a container': 120_000,
  'query answered': 120_000,
  'rows counted': 15_000,
  'session closed': 5_000,
  'container gone': 60_000,
  'logs saved': 30_000,
  'secrets searched': 120_000,
  undo: 30_000,
} as const;

export type DeadlineName = keyof typeof deadlines;

/**
 * A deadline in ms, scaled.
 * @param scale factor from `--deadline-scale`
 */
export function deadlineMs(name: DeadlineName, scale = 1): number {
  return Math.round(deadlines[name] * scale);
}
