import { accident } from './accident';
import { acknowledgedWrites } from './acknowledged-writes';
import { archive } from './archive';
import type { Check } from './check';
import { content } from './content';
import { globals } from './globals';
import { integrity } from './integrity';
import { leader } from './leader';
import { members } from './members';
import { objectives } from './objectives';
import { roles } from './roles';
import { secrets } from './secrets';
import { restoredAside } from './restored-aside';
import { stopPoint } from './stop-point';
import { switchover } from './switchover';
import { timeline } from './timeline';

/** What every drill is judged by, in the order of docs/oracle.md. A drill may add checks of its own, never leave one out. */
export const standardChecks: readonly Check[] = [
  accident,
  acknowledgedWrites,
  stopPoint,
  content,
  globals,
  integrity,
  timeline,
  leader,
  roles,
  members,
  archive,
  switchover,
  restoredAside,
  objectives,
  secrets,
];

/** What this version does not look at yet: outside of every verdict, and said in each. */
export const notCovered: readonly string[] = [
  'rows written to the dataset after the baseline, other than by the accident',
];
