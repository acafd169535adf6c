import { z } from 'zod';
import { durationMs, int64, lsn, time, timeline } from './values';

/** One base backup, as Barman describes it. */
export const backupRefSchema = z.object({
  server: z.string(),
  id: z.string(),
  status: z.string(),
  systemIdentifier: int64,
  timeline,
  beginLsn: lsn,
  endLsn: lsn,
  beginWal: z.string(),
  endWal: z.string(),
  beginTime: time,
  endTime: time,
  bytes: int64.optional(),
  /** Tablespaces in it beyond PostgreSQL's own; absent where there are none, or nobody looked. */
  tablespaces: z.array(z.object({ name: z.string(), location: z.string() })).optional(),
  durationMs: durationMs.optional(),
});
export type BackupRef = z.infer<typeof backupRefSchema>;
