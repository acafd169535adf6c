import { formatMicros, microsTime } from '../formats/timestamptz';
import type { LeaderTerm } from '../record/ledger';
import { inOrder } from './leader-terms';
import { sabotage, there, type Spoiled } from './spoiled';

const id = 'roles';

/** Two terms of different members, the second after the first. */
function twoTerms({ ledger }: Spoiled): [LeaderTerm, LeaderTerm] {
  const terms = inOrder(there(ledger.terms, 'terms of leaders'));
  const first = there(terms[0], 'a term');
  return [
    first,
    there(
      terms.find(({ member }) => member !== first.member),
      'a term of another member',
    ),
  ];
}

export const rolesSabotages = [
  sabotage(
    'two-writers',
    'the old leader acknowledged a write that was sent after the new one had begun',
    { reds: [id] },
    (spoiled) => {
      const [old, next] = twoTerms(spoiled);
      old.lastSentAt = next.lastAcknowledgedAt;
      old.lastAcknowledgedAt = next.lastAcknowledgedAt;
      next.lastSentAt = next.lastAcknowledgedAt;
    },
  ),
  sabotage(
    'wrote-without-key',
    'a member acknowledged writes and never held the leader key',
    { reds: [id] },
    (spoiled) => {
      const { member } = twoTerms(spoiled)[1];
      const watched = there(spoiled.cluster.roles, "watcher's record");
      watched.leaderKey = watched.leaderKey.filter((change) => change.member !== member);
    },
  ),
  sabotage(
    'etcd-not-watched',
    'etcd could not be watched while a leader came and went',
    { unverified: [id] },
    (spoiled) => {
      const { member } = twoTerms(spoiled)[1];
      const watched = there(spoiled.cluster.roles, "watcher's record");
      watched.leaderKey = watched.leaderKey.filter((change) => change.member !== member);
      for (const term of spoiled.ledger.terms ?? []) {
        if (term.member !== member) continue;
        const { firstAcknowledgedAt: from, lastAcknowledgedAt: to } = term;
        watched.gaps.push({ from, to, why: 'etcd1: no answer, or no quorum' });
      }
    },
  ),
  sabotage(
    'led-while-etcd-was-away',
    'a member came to lead, wrote and stopped while etcd was away; before that the key had named it',
    { unverified: [id] },
    (spoiled) => {
      const { member } = twoTerms(spoiled)[1];
      const watched = there(spoiled.cluster.roles, "watcher's record");
      for (const term of spoiled.ledger.terms ?? []) {
        if (term.member !== member) continue;
        const from = formatMicros(microsTime(term.firstAcknowledgedAt) - 1n);
        const to = formatMicros(microsTime(term.lastAcknowledgedAt) + 1n);
        watched.gaps.push({ from, to, why: 'etcd1: no answer, or no quorum' });
      }
    },
  ),
  sabotage('roles-not-watched', 'nobody watched who led when', { unverified: [id] }, ({ cluster }) => {
    there(cluster.roles, 'watch of the leader key');
    delete cluster.roles;
  }),
];
