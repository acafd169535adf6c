import { tellingLines, type LogLine } from '../../formats/log-lines';
import type { Detector } from './detector';

/** What servers say whenever they are stopped, started, promoted or left by a client. */
const ORDINARY =
  /terminating (?:connection|walreceiver|background worker)|the database system is (?:starting up|shutting down|not yet accepting)|canceling statement|shutdown|restarted|due to (?:administrator|conflict)|could not receive data from client|could not send data to client|replication slot "[^"]+" does not exist/;
/**
 * A LOG line that tells of damage or of something that fails. Not: that a record is invalid, by which every standby that
 * starts finds the end of its WAL.
 */
const DAMAGE =
  /invalid page|(?:page|checksum) verification|corrupt|could not (?:open|read|access|write|fsync|stat)|archive command failed|terminated by signal/;

/** A query of a session that was refused; here nobody has sessions but pgdrill itself. */
const OF_SESSION = / \S+@\S+ .*?\bERROR: {2}/;

/** Lines that would wake an operator. Pure. */
export function alarmingLines(log: string): LogLine[] {
  return tellingLines(log).filter(
    ({ severity, message, line }) =>
      !ORDINARY.test(message) && !OF_SESSION.test(line) && (severity !== 'LOG' || DAMAGE.test(message)),
  );
}

export const serverLog: Detector = {
  name: 'server-log',
  head: 'log',
  title: "the member's server log, before anybody else has looked",
  wants: 'somebody who reads it: WARNING and worse, and LOG lines about damage',
  ofMember: true,
  keeps: true,
  async look({ node }) {
    const lines = alarmingLines(await node.serverLog());
    return {
      complaints: lines.map(({ severity, message, line }) => ({ text: `${severity}:  ${message}`, key: line })),
    };
  },
};
