import { z } from 'zod';
import { backupRefSchema } from './backup-ref';
import { expectedAnswerSchema, givenAnswerSchema } from './expected-answer';
import { baselineOriginSchema, baselineSchema, contentSchema, globalsSchema } from './fingerprint';
import { incidentSchema } from './incident';
import { ledgerEvidenceSchema, walCommitSchema, walOrderSchema } from './ledger';
import { narrowedSchemaSchema, narrowedTableSchema } from './narrowing';
import { recoveryResultSchema, recoveryTargetSchema } from './recovery';
import { rolesEvidenceSchema } from './roles';
import { durationMs, int64, intervals, lsn, time, timeline } from './values';
import { expectationSchema, verificationSchema } from './verdict';

/** The areas of a member that are read one by one, so that one that fails does not hide the others. */
export const memberAreaSchema = z.enum([
  'patroni',
  'server',
  'databases',
  'ledger',
  'probe',
  'content',
  'globals',
  'integrity',
  'settings',
  'log',
  'expectations',
]);
export type MemberArea = z.infer<typeof memberAreaSchema>;

/** Settings before the accident, by the role of the server, and Patroni's dynamic configuration: digests by name. */
const settingsBeforeSchema = z.object({
  leader: z.record(z.string(), z.string()),
  replica: z.record(z.string(), z.string()).optional(),
  dynamic: z.record(z.string(), z.string()).optional(),
});
export type SettingsBefore = z.infer<typeof settingsBeforeSchema>;

export const memberEvidenceSchema = z.object({
  /** Why nothing else is here, when the member could not be asked. */
  unreachable: z.string().optional(),
  /** Why one area of it could not be read, by the area's name, while the rest could. */
  unread: z.partialRecord(memberAreaSchema, z.string()).optional(),
  rest: z
    .object({
      status: z.number().int(),
      role: z.string(),
      state: z.string(),
      timeline: timeline.optional(),
      systemIdentifier: int64.optional(),
    })
    .optional(),
  inRecovery: z.boolean().optional(),
  systemIdentifier: int64.optional(),
  timeline: timeline.optional(),
  /** Where a standby receives from, as `pg_stat_wal_receiver` has it. */
  receiver: z.object({ status: z.string(), timeline: timeline, sender: z.string().optional() }).optional(),
  replayLsn: lsn.optional(),
  /** The leader's position at the time of looking, which a standby had to have replayed before it was read. */
  readAt: lsn.optional(),
  /** Text of the history file of the member's timeline. */
  history: z.string().optional(),
  /** Recovery targets with a non-empty value in `pg_settings`. */
  recoveryTargets: z.record(z.string(), z.string()).optional(),
  /** Transactions of the ledger that the member holds, whole. */
  ledger: intervals.optional(),
  /** Transactions of which only some rows are here. */
  ledgerHalves: intervals.optional(),
  /** Whether a row written after recovery was read here. */
  probe: z.object({ expected: z.string(), found: z.string() }).optional(),
  content: z.record(z.string(), contentSchema).optional(),
  globals: globalsSchema.optional(),
  /** What its server is set to by file or command line: digests by name, the key of the run. */
  settings: z.record(z.string(), z.string()).optional(),
  /** ms that its clock is ahead of that of the machine that asked. */
  clockAheadMs: z.number().int().optional(),
  /** Where the content differs from the baseline: which rows, which objects. */
  narrowed: z.object({ tables: z.array(narrowedTableSchema), schemas: z.array(narrowedSchemaSchema) }).optional(),
  /** Lines of the server's log from the accident on that tell of trouble or of a stop, oldest first; cut in the middle. */
  log: z.array(z.object({ at: time, line: z.string() })).optional(),
  databases: z.record(z.string(), z.object({ connects: z.boolean(), error: z.string().optional() })).optional(),
  integrity: z
    .object({
      checksums: z.boolean(),
      checksumFailures: z.number().int(),
      relationsRead: z.number().int(),
      unreadable: z.array(
        z.object({
          database: z.string(),
          relation: z.string(),
          /** Of an index or a TOAST table: the table that it belongs to. */
          of: z.string().optional(),
          block: z.number().int().optional(),
          error: z.string(),
        }),
      ),
      /** What could not be looked at, though nothing says that it is damaged: a lock or a recovery conflict that stayed. */
      notRead: z.array(z.object({ database: z.string(), relation: z.string(), why: z.string() })).optional(),
      /** Indexes that PostgreSQL itself holds for invalid or not ready (`pg_index`). */
      invalidIndexes: z.array(z.string()).optional(),
      /** Collations that an index goes by, of another version than the catalogue has. */
      otherCollations: z.array(z.string()).optional(),
      amcheck: z.object({ relations: z.number().int(), errors: z.array(z.string()) }),
      foreignKeys: z.object({ validated: z.number().int(), violated: z.array(z.string()) }).optional(),
      preparedTransactions: z.array(z.string()),
      /** Extensions that are not in a database and that nobody may make there: what they would read was not looked at. */
      without: z.array(z.object({ database: z.string(), extension: z.string() })).optional(),
    })
    .optional(),
  /** What it answered to the queries that a person expects something of (`pgdrill pitr --expect`), in their order. */
  answers: z.array(givenAnswerSchema).optional(),
});
export type MemberEvidence = z.infer<typeof memberEvidenceSchema>;

export const dcsEvidenceSchema = z.object({
  leader: z.string().optional(),
  initialize: z.string().optional(),
  /** Every key of the namespace that names a leader, whole: more than one is a finding. */
  leaderKeys: z.array(z.string()),
  members: z.array(z.string()),
  /** Patroni's dynamic configuration: digests by dotted names. */
  config: z.record(z.string(), z.string()).optional(),
});
export type DcsEvidence = z.infer<typeof dcsEvidenceSchema>;

/**
 * What an archive held at one moment, and whether it is still so later, byte for byte: segments, history files and the
 * chosen backup's manifest and labels. Files that only came to it since are no change.
 */
export const sourceArchiveSchema = z.object({
  files: z.number().int(),
  bytes: int64,
  changed: z.array(z.string()),
  gone: z.array(z.string()),
  /** The data files of the backup, each against the checksum in its manifest (`pg_verifybackup`). */
  data: z.object({ backup: z.string(), sound: z.boolean(), problems: z.array(z.string()) }).optional(),
  /** By what a change would have shown. Absent: the sha256 of each file. */
  by: z.enum(['sha256', 'change time']).optional(),
});
export type SourceArchive = z.infer<typeof sourceArchiveSchema>;

export const archiveEvidenceSchema = z.object({
  server: z.string(),
  segmentSize: z.number().int(),
  /** From the begin of the chosen backup to the last segment archived. */
  fromLsn: lsn,
  toLsn: lsn,
  segments: z.object({
    needed: z.number().int(),
    missing: z.array(z.string()),
    damaged: z.array(z.object({ segment: z.string(), error: z.string() })),
  }),
  histories: z.record(z.string(), z.string()).describe('text of each history file in the archive, by timeline'),
  missingHistories: z.array(z.number().int()),
  slot: z.object({
    name: z.string(),
    present: z.boolean(),
    active: z.boolean(),
    restartLsn: lsn.optional(),
    /** False where this Barman uses none: it only takes what archive_command brings. Absent: it does. */
    wanted: z.boolean().optional(),
    /** Read after the slot: where what Barman holds of the leader's timeline ends, receive-wal's segment included. */
    heldUntilLsn: lsn.optional(),
  }),
  check: z.object({
    passed: z.boolean(),
    /** Lines that still failed once waiting for them had no more sense. */
    failing: z.array(z.string()),
    /** Lines that failed at the first look and may have come right since. */
    atFirst: z.array(z.string()).optional(),
    /** Lines that failed before the recovery began, where somebody looked. */
    before: z.array(z.string()).optional(),
    /** What was taken out of Barman's folder of errors first, for the archive holds the same. */
    cleared: z.array(z.string()).optional(),
  }),
  freshBackup: backupRefSchema.optional(),
  source: sourceArchiveSchema.optional(),
  /** Segments that are not whole: receive-wal's current one, and those that PostgreSQL left at the end of a timeline. */
  partial: z.object({ receiving: z.array(z.string()), endOfTimeline: z.array(z.string()) }).optional(),
});
export type ArchiveEvidence = z.infer<typeof archiveEvidenceSchema>;

/** What one planned switchover after the recovery showed: whether it can be lost again without losing. */
export const switchoverEvidenceSchema = z.object({
  from: z.string(),
  to: z.string(),
  acknowledged: intervals.describe('acknowledged around the switchover'),
  missing: z.record(z.string(), intervals).describe('by member: acknowledged and not there'),
  durationMs,
});
export type SwitchoverEvidence = z.infer<typeof switchoverEvidenceSchema>;

/** The fresh backup restored beside the cluster to a point after it, and what it shows: whether it can be lost again. */
export const restoredAsideSchema = z.object({
  backup: z.string(),
  /** Where it was told to stop, and what the server said about it. */
  target: recoveryTargetSchema,
  timeline,
  stop: z.array(z.string()),
  newTimeline: timeline.optional(),
  history: z.string().optional(),
  /** History of the leader's timeline when the point was noted. */
  parentHistory: z.string().optional(),
  /** Transactions of the ledger that must be there at that point, and no other: what the leader held, no writer at work. */
  due: intervals,
  /** Why it could not be restored or did not come up, in Barman's or the server's words. */
  failed: z.string().optional(),
  /** Whether the archive that it was restored from is as it was. */
  source: sourceArchiveSchema.optional(),
  /** The restored server, read like a member. */
  member: memberEvidenceSchema,
  durationMs,
});
export type RestoredAside = z.infer<typeof restoredAsideSchema>;

/** One record of the WAL, as far as it matters to where a recovery stops. */
export const walPlaceSchema = z.object({
  lsn,
  /** Where the record before it starts. */
  prev: lsn,
  rmgr: z.string(),
  operation: z.string().describe('COMMIT, RESTORE_POINT, BACKUP_END, INSERT …'),
  /** The transaction that a COMMIT or ABORT ends. */
  xid: int64.optional(),
  /** Name of a restore point; the LSN at which the backup of a BACKUP_END began. */
  about: z.string().optional(),
});
export type WalPlace = z.infer<typeof walPlaceSchema>;

/** The parent timeline's WAL around the place where the recovery left it, records of every kind, from the archive. */
export const branchRecordsSchema = z.object({
  /** The last record that was replayed. */
  last: walPlaceSchema.optional(),
  /** The first that was not. */
  next: walPlaceSchema.optional(),
  /** Where each restore point of the target's name lies from the begin of the backup on; for such a target only. */
  restorePoints: z.array(lsn).optional(),
});
export type BranchRecords = z.infer<typeof branchRecordsSchema>;

export const clusterEvidenceSchema = z.object({
  scope: z.string(),
  systemIdentifier: int64.describe('as read at boot'),
  bootTimeline: timeline,
  /** History of the leader's timeline as it was before the accident. */
  historyBefore: z.string().optional(),
  databases: z.array(z.string()).describe('databases before the accident'),
  baseline: baselineSchema.optional(),
  backup: backupRefSchema.optional(),
  ledger: ledgerEvidenceSchema.optional(),
  /** Commits around the boundary, in the order of the WAL, where no ledger was kept that would hold them. */
  walOrder: walOrderSchema.optional(),
  /** Whether data checksums were on before the recovery, where somebody looked. */
  checksumsBefore: z.boolean().optional(),
  /** Where the baseline comes from, when it was not taken in this run. */
  baselineFrom: baselineOriginSchema.optional(),
  /** What a person expects of queries after the recovery. */
  expected: z.array(expectedAnswerSchema).optional(),
  dcs: dcsEvidenceSchema.optional(),
  archive: archiveEvidenceSchema.optional(),
  /** The parent timeline's first record at or after the branch point, read from the archive. */
  parentRecord: walCommitSchema.optional(),
  branchRecords: branchRecordsSchema.optional(),
  /** Rows of the accident's marks that each member holds after the recovery. */
  marks: z.record(z.string(), z.array(z.string())).optional(),
  switchover: switchoverEvidenceSchema.optional(),
  /** Roles and tablespaces before the accident. */
  globalsBefore: globalsSchema.optional(),
  /** What the servers were set to before the accident. */
  settingsBefore: settingsBeforeSchema.optional(),
  roles: rolesEvidenceSchema.optional(),
  restoredAside: restoredAsideSchema.optional(),
  members: z.record(z.string(), memberEvidenceSchema),
});
export type ClusterEvidence = z.infer<typeof clusterEvidenceSchema>;

export const episodeEvidenceSchema = z.object({
  expectation: expectationSchema,
  verification: verificationSchema.optional(),
  incident: incidentSchema.optional(),
  recovery: recoveryResultSchema.optional(),
  clusters: z.record(z.string(), clusterEvidenceSchema),
  /** Two leaders that take writes at once are by nature of the accident: counted, not red. */
  twoWritersDeclared: z.boolean().optional(),
  rtoWritesMs: durationMs.optional(),
  rtoFullMs: durationMs.optional(),
  /** Longest time without an acknowledged write from the accident on. */
  silenceMs: durationMs.optional(),
});
export type EpisodeEvidence = z.infer<typeof episodeEvidenceSchema>;

/** Secrets of the run found where they must not be: the name of the secret and the place, never its value. */
export const evidenceSecretsSchema = z.object({
  searched: z.array(z.string()).describe('what was searched: logs of containers, files of the report'),
  secrets: z.number().int().describe('how many secrets were looked for'),
  found: z.array(z.object({ secret: z.string(), where: z.string(), line: z.number().int().optional() })),
  /** What could not be searched, and why. */
  unsearched: z.array(z.object({ where: z.string(), why: z.string() })).optional(),
});
export type SecretsEvidence = z.infer<typeof evidenceSecretsSchema>;

/** Everything observed in one run, as plain data: a pure fold of its events. */
export const evidenceSchema = z.object({
  format: z.literal(1),
  run: z.object({
    id: z.string(),
    drill: z.string(),
    title: z.string(),
    seed: z.number().int(),
    stack: z.string(),
    pgdrill: z.string(),
    /** Whether the fresh backup was to be restored aside, too. */
    deep: z.boolean().optional(),
    /** Names of checks beyond the standard ones, limits of objectives, in the drill's own words. */
    objectives: z.object({
      rtoWritesMs: durationMs.optional(),
      rtoFullMs: durationMs.optional(),
      lostWrites: z.number().int(),
    }),
  }),
  episodes: z.array(episodeEvidenceSchema),
  secrets: evidenceSecretsSchema.optional(),
  /** Where the run stopped early, if it did. */
  stopped: z
    .object({
      phase: z.string(),
      code: z.string(),
      what: z.string(),
      cure: z.string().optional(),
      interrupted: z.boolean(),
    })
    .optional(),
  /** Things that could not be read back, so that checks that need them are unverified. */
  unreadable: z.array(z.string()),
});
export type Evidence = z.infer<typeof evidenceSchema>;

export type { LedgerEvidence, WalCommit } from './ledger';
