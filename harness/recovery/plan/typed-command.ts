import type { RecoveryTarget } from '../../record/recovery';
import { shellWord } from '../../formats/shell-word';

/** A target as `pgdrill pitr` takes it, one word of a shell. */
export function typedTarget(target: RecoveryTarget): string {
  switch (target.kind) {
    case 'time':
      return shellWord(target.time);
    case 'lsn':
      return `lsn:${target.lsn}`;
    case 'xid':
      return `xid:${target.xid}`;
    case 'name':
      return shellWord(`name:${target.name}`);
    default:
      return target.kind;
  }
}

/** The command that asks for a recovery, for the cures of refusals: what else was asked for has to be added. */
export function typedPitr(backup: string, target: RecoveryTarget, ...options: string[]): string {
  const side = 'inclusive' in target && !target.inclusive ? ['--exclusive'] : [];
  return ['pgdrill pitr', backup, typedTarget(target), ...side, ...options].join(' ');
}
