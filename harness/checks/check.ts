import type { EpisodeEvidence, Evidence } from '../record/evidence';
import type { Finding } from '../record/finding';

/** What a check looks at: one episode, with the whole of the evidence around it. */
export interface Examined {
  evidence: Evidence;
  episode: EpisodeEvidence;
  /** place of the episode in the evidence, from 0 */
  index: number;
}

/** A pure function from evidence to findings: no I/O, no clock. The same evidence gives the same findings. */
export interface Check {
  id: string;
  /** Raised with every change that may turn a saved run's verdict. */
  version: number;
  /** What holds when the check is green, in words. */
  title: string;
  /** The point of docs/oracle.md that it proves. */
  oracle: number;
  /** Whether it applies to this episode; a text says why not, and the check is listed as not-applicable by name. */
  applies(episode: EpisodeEvidence, evidence: Evidence): true | string;
  /**
   * Evidence that is not there gives `unverified`, never nothing.
   * @throws anything, when the evidence cannot be read: `judge` turns it into one unverified finding
   */
  examine(at: Examined): Finding[];
}

/** One known way to spoil honest evidence, and the checks that must notice. A check that none turns red is removed. */
export interface EvidenceSabotage {
  id: string;
  title: string;
  /** Pure: returns a changed deep copy. @throws when the evidence has nothing of the kind to spoil */
  apply(evidence: Evidence): Evidence;
  /** The set of checks that turn red, exactly. */
  reds: string[];
  /** The set of checks that turn unverified, exactly. Default: none. */
  unverified?: string[];
}
