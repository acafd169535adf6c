import { demand } from '../../operations/symptom';
import type { Cure } from '../healing/heal';

/** s that Barman waits for a segment, by its own option. */
const PATIENCE = 5;

/**
 * Shows that a segment does not come, by `barman switch-wal --archive`, which waits for it: what tells soonest whether an archive
 * works at all.
 * @throws PGDRILL_NOT_SHOWN where it comes
 */
export function segmentAwaited(): Cure {
  return {
    id: 'segment-awaited',
    title: 'finish a segment and wait for it, by barman switch-wal --archive',
    async does({ cluster, symptoms }) {
      const { barman } = cluster;
      const asked = ['switch-wal', '--archive', '--archive-timeout', String(PATIENCE), barman.server];
      const { exitCode, stdout, stderr } = await barman.barman(asked, { check: false });
      const said = /The WAL file \S+ has not been received in \d+ seconds/.exec(stdout + stderr)?.[0];
      demand(said !== undefined, 'a segment not to come', `${stdout}${stderr}`.trim());
      symptoms.push(`barman switch-wal --archive: ${said}`);
      return `ended with ${exitCode}: ${said}`;
    },
  };
}
