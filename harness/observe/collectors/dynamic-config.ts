import { parseDynamicConfig } from '../../formats/dynamic-config';
import { digestOf } from './run-digest';

/**
 * Patroni's dynamic configuration as digests by dotted names: `slots.barman.type`, `postgresql.parameters.max_connections`. A list
 * counts as one value.
 * @param keys what Patroni keeps in the DCS, by name
 */
export function dynamicConfig({ config }: Readonly<Record<string, string>>): Record<string, string> {
  const values = leaves(parseDynamicConfig(config)).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(values.map(([name, value]) => [name, digestOf(JSON.stringify(value))]));
}

function leaves(value: unknown, path: readonly string[] = []): [name: string, value: unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path.join('.'), value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}
