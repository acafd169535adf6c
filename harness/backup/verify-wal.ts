import type { BarmanServer } from '../cluster/barman-server';
import { compareLsn } from '../formats/lsn';
import { stopRule, type RecoveryTarget } from '../formats/recovery-target';
import { damageOf, isCompressed, type DamagedWal } from '../formats/wal-damage';
import { parseWalName, segmentNumber, walNameFromNumber } from '../formats/wal-name';
import type { WaitContext } from '../run/until';
import { archivedFileNames } from './wal-archive';
import { walkWal } from './wal-walk';

/**
 * Reads every archived segment that a recovery is going to replay, and finds the first whose records do not verify. Replay ends at such a
 * record without an error where no target lies behind it, and the server opens with the tail missing. `barman check`
 * and `barman check-backup` do not look into segments.
 *
 * pg_waldump checks each record's CRC and its link to the one before. From the first segment on that Barman keeps compressed,
 * and where there is no pg_waldump, nothing is looked at.
 * @param segments in order, without a gap
 * @param segmentSize bytes
 * @returns undefined where nothing damaged lies before the place at which the target stops
 */
export async function damagedWal(
  context: WaitContext,
  barman: BarmanServer,
  segments: readonly string[],
  segmentSize: number,
  target: RecoveryTarget,
): Promise<DamagedWal | undefined> {
  const paths = await archivedFileNames(barman);
  // What is still on its way is moved while it is looked at; it comes last.
  const archived = segments.map((name) => ({ name, file: paths.get(name) ?? '' }));
  const missing = archived.findIndex(({ file }) => !file.includes('/wals/'));
  const files = missing < 0 ? archived : archived.slice(0, missing);
  if (files.length === 0) return undefined;
  const sizes = await sizesOf(
    context,
    barman,
    files.map(({ file }) => file),
  );
  const cut = files.findIndex(({ file }) => sizes.get(file) !== segmentSize);
  const whole = cut < 0 ? files : files.slice(0, cut);
  const last = parseWalName(files.at(-1)!.name).timeline;
  // In records, transactions have 32 bits.
  const stop = target.kind === 'xid' ? { ...target, xid: String(BigInt.asUintN(32, BigInt(target.xid))) } : target;
  let reached = false;
  const end = await walkWal(
    context,
    barman.container,
    whole.map(({ name, file }) => ({
      name: walNameFromNumber(last, segmentNumber(name, segmentSize), segmentSize),
      file,
    })),
    { user: barman.user, rmgrs: ['Transaction', 'XLOG'] },
    (record) => (reached ||= stopRule(stop, record) !== null),
  );
  const found =
    damageOf(
      end,
      whole.map(({ name }) => name),
      segmentSize,
    ) ?? (cut < 0 ? undefined : await cutShort(barman, files[cut]!, sizes.get(files[cut]!.file) ?? 0, segmentSize));
  const past = target.kind === 'lsn' && found?.lastLsn !== undefined && compareLsn(found.lastLsn, target.lsn) >= 0;
  return reached || past ? undefined : found;
}

async function sizesOf(
  context: WaitContext,
  barman: BarmanServer,
  files: readonly string[],
): Promise<Map<string, number>> {
  const { stdout } = await barman.container.exec(['xargs', '-d', '\\n', 'stat', '-c', '%s %n'], {
    user: barman.user,
    input: files.map((file) => `${file}\n`).join(''),
    check: true,
    signal: context.signal,
  });
  const lines = stdout.trim().split('\n');
  return new Map(lines.map((line) => [line.slice(line.indexOf(' ') + 1), Number(line.slice(0, line.indexOf(' ')))]));
}

/** A file of another size than a segment's: damaged, or compressed by Barman. */
async function cutShort(
  barman: BarmanServer,
  { name, file }: { name: string; file: string },
  bytes: number,
  segmentSize: number,
): Promise<DamagedWal | undefined> {
  const { stdout } = await barman.exec(['od', '-An', '-tx1', '-N', '2', file], { user: barman.user });
  if (isCompressed(stdout.replaceAll(/\s/g, ''))) return undefined;
  return { segment: name, reason: `its file has ${bytes} bytes of ${segmentSize}` };
}
