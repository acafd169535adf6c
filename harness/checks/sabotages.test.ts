import { evidenceSchema, type Evidence } from '../record/evidence';
import { honestEvidence } from './honest-evidence';
import { honestFailover } from './honest-failover';
import { honestWithoutLedger } from './honest-without-ledger';
import { allChecks, canonicalJson, evidenceSabotages, judge } from './index';
import { failoverSabotages } from './failover-sabotages';
import { NothingToSpoil } from './spoiled';

const judged = (evidence: Evidence) => {
  const { outcome, checks } = judge(evidence, { pgdrill: '0.1.0' });
  const of = (status: string): string[] =>
    checks
      .filter((check) => check.status === status)
      .map(({ check }) => check)
      .sort();
  return { failed: of('failed'), unverified: of('unverified'), outcome };
};

const ofLoss = new Set(failoverSabotages.map(({ id }) => id));

/** Spoiled by each that finds what it spoils: a drill's evidence, that of a recovery without a ledger, that of a failover. */
const spoiledBy = ({ id, apply }: (typeof evidenceSabotages)[number]): Evidence[] =>
  [honestEvidence(), honestWithoutLedger(), ...(ofLoss.has(id) ? [honestFailover()] : [])].flatMap((honest) => {
    try {
      return [apply(honest)];
    } catch (error) {
      if (!(error instanceof NothingToSpoil)) throw error;
      return [];
    }
  });

describe('evidence sabotages', () => {
  test.each(evidenceSabotages.map((one) => [one.id, one] as const))(
    '%s › exactly the named checks notice',
    (_id, one) => {
      const all = spoiledBy(one);
      expect(all).not.toEqual([]);
      for (const spoiled of all) {
        expect(() => evidenceSchema.parse(spoiled)).not.toThrow();
        expect(judged(spoiled)).toEqual({
          failed: [...one.reds].sort(),
          unverified: [...(one.unverified ?? [])].sort(),
          outcome: one.reds.length > 0 && !one.unverified?.includes('accident') ? 'failed' : 'unverified',
        });
      }
    },
  );

  test('apply › leaves the evidence it was given as it was', () => {
    const known = [honestEvidence(), honestWithoutLedger()].map(canonicalJson);
    for (const one of evidenceSabotages)
      for (const spoiled of spoiledBy(one)) expect(known).not.toContain(canonicalJson(spoiled));
    const honest = honestEvidence();
    for (const one of evidenceSabotages.slice(0, 30)) one.apply(honest);
    expect(canonicalJson(honest)).toBe(known[0]);
  });

  test('ids › are unique and name checks that exist', () => {
    const ids = evidenceSabotages.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const checks = new Set(allChecks.map(({ id }) => id));
    for (const { reds, unverified = [] } of evidenceSabotages) {
      expect(reds.length + unverified.length).toBeGreaterThan(0);
      for (const check of [...reds, ...unverified]) expect(checks).toContain(check);
    }
  });

  test.each(allChecks.map(({ id }) => id).filter((id) => id !== 'accident'))(
    '%s › is turned red by a sabotage',
    (check) => {
      expect(evidenceSabotages.filter(({ reds }) => reds.includes(check)).map(({ id }) => id)).not.toEqual([]);
    },
  );

  test('accident › without proof is unverified, never red: that is its rule', () => {
    const ids = evidenceSabotages.filter(({ unverified }) => unverified?.includes('accident')).map(({ id }) => id);
    expect(ids).toEqual(['accident-never-fired', 'accident-not-recorded', 'taken-for-a-drill']);
  });
});
