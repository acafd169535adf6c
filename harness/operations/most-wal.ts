import type { ControlData } from '../formats/controldata';
import { compareLsn } from '../formats/lsn';

/** What a stopped server's control file says of how far its WAL goes. */
export type Stopped = Pick<
  ControlData,
  'state' | 'timeline' | 'checkpointLsn' | 'minRecoveryEndLsn' | 'minRecoveryEndTimeline' | 'systemIdentifier'
>;

/** Timeline and place up to which a stopped server has its WAL, as far as its control file says. */
export function walEnd(stopped: Stopped): { timeline: number; lsn: string } {
  const { checkpointLsn, minRecoveryEndLsn } = stopped;
  return {
    timeline: Math.max(stopped.timeline, stopped.minRecoveryEndTimeline),
    lsn: compareLsn(checkpointLsn, minRecoveryEndLsn) >= 0 ? checkpointLsn : minRecoveryEndLsn,
  };
}

/**
 * Which of some stopped servers has to be started first, so that nothing of any other is given up: the highest timeline, then
 * the primary that was shut down in order (what a standby has beyond its checkpoint is the record of that checkpoint), then
 * the highest LSN. Pure.
 * @returns undefined where there is none
 */
export function mostWal(servers: Readonly<Record<string, Stopped>>): string | undefined {
  const rank = (one: Stopped, other: Stopped): number => {
    const [a, b] = [walEnd(one), walEnd(other)];
    const primary = (server: Stopped) => Number(server.state === 'shut down');
    return b.timeline - a.timeline || primary(other) - primary(one) || compareLsn(b.lsn, a.lsn);
  };
  return Object.entries(servers).sort(
    ([name, one], [otherName, other]) => rank(one, other) || name.localeCompare(otherName),
  )[0]?.[0];
}
