import { parseDynamicConfig } from './dynamic-config';

/** How fast Patroni reacts: how long a leader key lives, and how often each member looks. */
export interface PatroniTiming {
  ttlMs: number;
  loopWaitMs: number;
}

/** What Patroni takes where its configuration says nothing (documentation, "Dynamic configuration settings"), s. */
const defaults = { ttl: 30, loop_wait: 10 };

/**
 * ttl and loop_wait of a cluster.
 * @param config the key `/config` of the DCS, JSON; undefined where there is none
 * @throws FormatError
 */
export function patroniTiming(config: string | undefined): PatroniTiming {
  const said = parseDynamicConfig(config);
  const ms = (name: keyof typeof defaults) => Math.round(Number(said[name] ?? defaults[name]) * 1000);
  return { ttlMs: ms('ttl'), loopWaitMs: ms('loop_wait') };
}
