import type { RecoveryTarget } from '../record/recovery';

/** Options of `barman recover` for a target (Barman's documentation, "barman recover"). */
export function targetOption(target: RecoveryTarget): string[] {
  const exclusive = 'inclusive' in target && !target.inclusive ? ['--exclusive'] : [];
  switch (target.kind) {
    case 'time':
      return ['--target-time', target.time, ...exclusive];
    case 'lsn':
      return ['--target-lsn', target.lsn, ...exclusive];
    case 'xid':
      return ['--target-xid', target.xid, ...exclusive];
    case 'name':
      return ['--target-name', target.name];
    case 'immediate':
      return ['--target-immediate'];
    case 'latest':
      return [];
  }
}
