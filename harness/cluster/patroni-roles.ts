import { parse } from 'yaml';

/** A role that Patroni logs in as, with the password that its configuration has for it. */
export interface PatroniRole {
  role: string;
  password: string;
}

/**
 * The roles of `postgresql.authentication` in a Patroni configuration file that have a password there (Patroni's
 * documentation, "YAML Configuration Settings", PostgreSQL). What comes from its environment is not here; of a text that is
 * no YAML there are none.
 */
export function patroniRoles(text: string): PatroniRole[] {
  const found = Object.values(authenticationIn(text)).flatMap((entry) => {
    const { username, password } = (entry ?? {}) as { username?: unknown; password?: unknown };
    // YAML takes an unquoted password of digits for a number.
    return username === undefined || password === undefined
      ? []
      : [{ role: String(username), password: String(password) }];
  });
  return found.filter(({ role }, index) => found.findIndex((one) => one.role === role) === index);
}

function authenticationIn(text: string): Record<string, unknown> {
  try {
    const config = parse(text) as { postgresql?: { authentication?: Record<string, unknown> } } | null;
    return config?.postgresql?.authentication ?? {};
  } catch {
    return {};
  }
}
