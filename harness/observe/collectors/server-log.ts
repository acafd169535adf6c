import type { PatroniNode } from '../../cluster/patroni-node';
import { cutInTheMiddle, tellingLines } from '../../formats/log-lines';
import { microsTime } from '../../formats/timestamptz';
import type { MemberEvidence } from '../../record/evidence';

/** Lines kept of one member: what can still be read, with its begin and its end. */
const LINES = 60;
/** Characters kept of one line: a statement can be of any length. */
const WIDTH = 400;

/**
 * The lines of a member's server log from a moment on that tell of trouble or of a recovery. Those of an expected start
 * ("the database system is starting up") stay: this is evidence, no judgement.
 * @param since as text with zone; by the server's clock
 * @param redact replaces secrets; done before a line is cut, for half a secret would not be found
 */
export async function readServerLog(
  node: PatroniNode,
  since: string | undefined,
  redact: (text: string) => string,
): Promise<NonNullable<MemberEvidence['log']>> {
  const from = since === undefined ? undefined : microsTime(since);
  const lines = tellingLines(await node.serverLog()).filter(({ at }) => from === undefined || microsTime(at) >= from);
  return cutInTheMiddle(lines, LINES).map(({ at, line }) => {
    const clean = redact(line);
    return { at, line: clean.length > WIDTH ? `${clean.slice(0, WIDTH)}…` : clean };
  });
}
