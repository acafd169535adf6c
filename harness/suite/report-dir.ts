import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { isCheckout, packageRoot } from '../../bin/machine/root.cjs';
import { messageOf, PgdrillError } from '../record/errors';

/** The link in the report folder to the session started last. */
export const latestLink = 'latest';

/** Where reports go unless told otherwise: in a checkout of pgdrill its own reports/out, else the caller's. */
export function defaultReportDir(): string {
  const root = packageRoot();
  return path.join(isCheckout(root) ? root : process.cwd(), 'reports/out');
}

/**
 * Makes the folder of a session, and the link `latest` to it.
 * @returns the folder, absolute
 * @throws PGDRILL_REPORT_DIR when it cannot be made
 */
export function makeSessionDir(reportDir: string, session: string): string {
  const dir = path.resolve(reportDir, session);
  try {
    mkdirSync(dir, { recursive: true });
    // Replaced by a rename, so that a reader always finds one; relative, so that the folder can be moved or mounted.
    const fresh = path.join(reportDir, `.${latestLink}-${session}`);
    rmSync(fresh, { force: true });
    symlinkSync(session, fresh);
    renameSync(fresh, path.join(reportDir, latestLink));
  } catch (error) {
    throw new PgdrillError(
      'PGDRILL_REPORT_DIR',
      `the report folder ${dir} cannot be made: ${messageOf(error)}`,
      'give one that can be written, with --report-dir',
      {
        cause: error,
      },
    );
  }
  return dir;
}
