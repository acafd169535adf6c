import type { EpisodeEvidence, MemberEvidence, SettingsBefore } from '../record/evidence';
import type { Finding } from '../record/finding';
import { lookEtcd, lookSql } from './look';
import { firstOf, whyAbsent, type ClusterPlace, type Place } from './place';

/** ms that looking at two clocks may take on a busy machine. */
const CLOCK_TOLERANCE_MS = 5_000;

/**
 * Of a cluster that healed: every server is set to what one of its role was set to before the accident, and its clock is right.
 * What an accident has changed and nobody has put back is found so, though everything streams.
 */
export function asBefore(
  episode: EpisodeEvidence,
  before: SettingsBefore | undefined,
  name: string,
  place: Place,
  member: MemberEvidence,
): Finding[] {
  if (episode.recovery?.branch !== 'promoted' || member.unreachable !== undefined) return [];
  return [
    sameSettings(episode.recovery.settingsChanged ?? [], before, name, place, member),
    clock(name, place, member),
  ];
}

/**
 * Of a cluster that healed: Patroni's dynamic configuration is what it was. A slot that is no permanent one any more is missed only at the
 * next failover.
 */
export function configAsBefore(episode: EpisodeEvidence, { place, cluster }: ClusterPlace): Finding[] {
  if (episode.recovery?.branch !== 'promoted') return [];
  const expected = "Patroni's dynamic configuration as before the accident";
  const then = cluster.settingsBefore?.dynamic;
  if (!then) return [place.unverified(expected, 'was not noted')];
  const now = cluster.dcs?.config;
  if (!now) return [place.unverified(expected, 'etcd was not observed')];
  // Where Patroni keeps PostgreSQL's settings (Patroni's documentation, "PostgreSQL").
  const meant = (episode.recovery.settingsChanged ?? []).flatMap((name) =>
    ['parameters', 'recovery_conf'].map((section) => `postgresql.${section}.${name}`),
  );
  return [compared(place, expected, then, now, meant, () => lookEtcd(cluster.scope, 'config'))];
}

function sameSettings(
  meant: readonly string[],
  before: SettingsBefore | undefined,
  name: string,
  place: Place,
  { settings, inRecovery, ...member }: MemberEvidence,
): Finding {
  const role = inRecovery ? 'replica' : 'leader';
  const expected = `settings as those of a ${role} before the accident`;
  const then = before?.[role];
  if (!then) return place.unverified(expected, 'were not noted');
  if (!settings) return place.unverified(expected, whyAbsent(member, 'settings'));
  const look = (wrong: string) =>
    lookSql(name, `SELECT name, setting, sourcefile FROM pg_settings WHERE name = '${wrong}'`);
  return compared(place, expected, then, settings, meant, look);
}

function compared(
  place: Place,
  expected: string,
  then: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
  meant: readonly string[],
  look: (wrong: string) => string,
): Finding {
  const wrong = [...new Set([...Object.keys(then), ...Object.keys(now)])]
    .filter((one) => then[one] !== now[one] && !meant.includes(one))
    .sort();
  const [first] = wrong;
  if (first === undefined) return place.ok(expected, `all ${Object.keys(now).length} are`);
  return place.failed(expected, `${wrong.length} are not: ${firstOf(wrong)}`, [
    ...wrong.map((one) => `${one}: ${words(then[one], now[one])}`),
    look(first),
  ]);
}

function clock(name: string, place: Place, { clockAheadMs, ...member }: MemberEvidence): Finding {
  const expected = `clock within ${CLOCK_TOLERANCE_MS / 1000} s of the machine's`;
  if (clockAheadMs === undefined) return place.unverified(expected, whyAbsent(member, 'settings'));
  const found = `${(clockAheadMs / 1000).toFixed(1)} s ahead`;
  if (Math.abs(clockAheadMs) <= CLOCK_TOLERANCE_MS) return place.ok(expected, found);
  return place.failed(expected, found, [lookSql(name, 'SELECT clock_timestamp()')]);
}

function words(then: string | undefined, now: string | undefined): string {
  if (then === undefined) return 'was not set before';
  return now === undefined ? 'is not set any more' : 'is set to something else';
}
