import type { Cluster } from '../cluster/cluster';
import { parseDynamicConfig } from '../formats/dynamic-config';

/** A part of Patroni's dynamic configuration: what is null is taken out of it. */
export interface ConfigPatch {
  [name: string]: ConfigPatch | string | number | boolean | null;
}

/**
 * Changes Patroni's dynamic configuration where it is kept, in the DCS: also while no Patroni answers. Members take it over in
 * their next loop; nothing is waited for, and nothing is restarted.
 */
export async function patchStoredConfig({ etcd }: Cluster, patch: ConfigPatch): Promise<void> {
  const stored = parseDynamicConfig((await etcd.keys()).config) as ConfigPatch;
  await etcd.put('config', JSON.stringify(patched(stored, patch)));
}

/** As `PATCH /config` does it (Patroni's documentation, "REST API"): objects are merged, null takes out, the rest replaces. Pure. */
export function patched(config: ConfigPatch, patch: ConfigPatch): ConfigPatch {
  const result: ConfigPatch = { ...config };
  for (const [name, value] of Object.entries(patch)) {
    const old = result[name];
    if (value === null) delete result[name];
    else if (typeof value === 'object')
      result[name] = patched(typeof old === 'object' && old !== null ? old : {}, value);
    else result[name] = value;
  }
  return result;
}
