import type { Finding } from '../record/finding';
import type { Check, Examined } from './check';
import { stoppedBeforeAccident } from './applicability';
import { firstOf, Place, SHOWN } from './place';

/** Oracle 12: secrets are made anew for each run; one that shows in a log or a report is one that a user's would show in. */
export const secrets: Check = {
  id: 'secrets',
  version: 1,
  title: 'no secret of the run in a log, a configuration, a command line or the report',
  oracle: 12,
  applies(episode, evidence) {
    if (stoppedBeforeAccident(evidence))
      return `the run ended in phase "${evidence.stopped?.phase}", before the accident`;
    return episode === evidence.episodes.at(-1) ? true : 'looked for once, at the end of the run';
  },
  examine,
};

function examine(examined: Examined): Finding[] {
  const place = new Place('secrets', examined);
  const searched = examined.evidence.secrets;
  const expected = 'no secret of the run where a person could read it';
  if (!searched) return [place.unverified(expected, 'nothing was searched')];
  const { found, unsearched = [] } = searched;
  const findings: Finding[] = [];
  if (found.length > 0) {
    const names = [...new Set(found.map(({ secret }) => secret))].sort();
    const detail = found
      .slice(0, 2 * SHOWN)
      .map(({ secret, where, line }) => `${secret}: ${where}${line === undefined ? '' : `, line ${line}`}`);
    if (found.length > detail.length) detail.push(`… (${found.length} places in all)`);
    findings.push(place.failed(expected, firstOf(names), detail));
  }
  if (searched.secrets === 0 || searched.searched.length === 0) {
    findings.push(
      place.unverified(expected, `${searched.secrets} secrets looked for in ${searched.searched.length} places`),
    );
  }
  if (unsearched.length > 0) {
    const detail = unsearched.slice(0, SHOWN).map(({ where, why }) => `${where}: ${why}`);
    findings.push(place.unverified('every place searched', `${unsearched.length} could not be searched`, detail));
  }
  if (findings.length > 0) return findings;
  return [place.ok(expected, `none of ${searched.secrets} secrets in ${searched.searched.length} places`)];
}
