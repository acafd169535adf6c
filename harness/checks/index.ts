import { accidentSabotages } from './accident.sabotage';
import { acknowledgedWritesSabotages } from './acknowledged-writes.sabotage';
import { archiveSabotages } from './archive.sabotage';
import type { EvidenceSabotage } from './check';
import { contentSabotages } from './content.sabotage';
import { globalsSabotages } from './globals.sabotage';
import { integritySabotages } from './integrity.sabotage';
import { leaderSabotages } from './leader.sabotage';
import { failoverSabotages } from './failover-sabotages';
import { membersSabotages } from './members.sabotage';
import { objectivesSabotages } from './objectives.sabotage';
import { rolesSabotages } from './roles.sabotage';
import { secretsSabotages } from './secrets.sabotage';
import { restoredAsideSabotages } from './restored-aside.sabotage';
import { stopPointSabotages } from './stop-point.sabotage';
import { withoutLedgerSabotages } from './without-ledger.sabotage';
import { switchoverSabotages } from './switchover.sabotage';
import { recoverySabotages, timelineSabotages } from './timeline.sabotage';

export type { Check, EvidenceSabotage } from './check';
export { canonicalJson } from './canonical-json';
export { judge } from './judge';
export { allChecks, notCovered, standardChecks } from './standard';

/** Every known way to spoil honest evidence, with the exact set of checks that must notice. */
export const evidenceSabotages: readonly EvidenceSabotage[] = [
  ...accidentSabotages,
  ...acknowledgedWritesSabotages,
  ...stopPointSabotages,
  ...contentSabotages,
  ...globalsSabotages,
  ...integritySabotages,
  ...timelineSabotages,
  ...recoverySabotages,
  ...leaderSabotages,
  ...rolesSabotages,
  ...membersSabotages,
  ...archiveSabotages,
  ...switchoverSabotages,
  ...restoredAsideSabotages,
  ...objectivesSabotages,
  ...secretsSabotages,
  ...withoutLedgerSabotages,
  ...failoverSabotages,
];
