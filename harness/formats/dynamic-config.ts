import { FormatError } from './format-error';

/** What pgdrill reads of Patroni's dynamic configuration (Patroni's documentation, "Dynamic configuration settings"). */
export interface DynamicConfig {
  /** s */
  ttl?: number;
  /** s */
  loop_wait?: number;
  /** Bytes. */
  maximum_lag_on_failover?: number;
  pause?: boolean;
  synchronous_mode?: boolean | string;
  synchronous_mode_strict?: boolean;
  standby_cluster?: object | null;
  /** The permanent ones. */
  slots?: Record<string, Record<string, string | number | boolean>>;
  postgresql?: {
    parameters?: Record<string, unknown>;
    recovery_conf?: Record<string, string>;
    [name: string]: unknown;
  };
  [name: string]: unknown;
}

/**
 * Reads Patroni's dynamic configuration.
 * @param text the key `/config` of the DCS, JSON; undefined where there is none, and everything has its default
 * @throws FormatError
 */
export function parseDynamicConfig(text: string | undefined): DynamicConfig {
  if (text === undefined) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new FormatError('dynamic configuration', text, 'is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new FormatError('dynamic configuration', text, 'is no object');
  }
  return parsed as DynamicConfig;
}
