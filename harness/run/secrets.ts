import { randomBytes } from 'node:crypto';
import { secretForms } from './secret-forms';
import { SecretSearch } from './secret-search';

/**
 * The secrets of one run: made from the operating system's generator (never from the seed, which is printed), kept in
 * memory and in the cluster's own volume, and replaced wherever they would get into an event, a log or a report.
 */
export class Secrets {
  private readonly known = new Map<string, string>();
  /** Every form of every secret, the longest first: one that holds another has to go before it. */
  private forms: { form: string; name: string }[] = [];

  /** Makes a password and remembers it under a name. */
  make(name: string): string {
    return this.remember(name, randomBytes(18).toString('base64url'));
  }

  /** Takes a secret that came from elsewhere (a private key, the password of an attached cluster). */
  remember(name: string, value: string): string {
    if (value.length >= 6) {
      this.known.set(value, name);
      this.forms = [...this.known]
        .flatMap(([one, of]) => secretForms(one).map((form) => ({ form, name: of })))
        .sort((a, b) => b.form.length - a.form.length);
    }
    return value;
  }

  /** How many secrets are known. */
  get count(): number {
    return this.known.size;
  }

  /** A search of one text for all of them, in every form. */
  search(): SecretSearch {
    return new SecretSearch(this.forms.map(({ form, name }) => ({ name, bytes: Buffer.from(form) })));
  }

  /** The text with every known secret, in every form, replaced by its name in angle brackets. */
  redact(text: string): string {
    let clean = text;
    for (const { form, name } of this.forms) {
      if (clean.includes(form)) clean = clean.replaceAll(form, () => `<${name}>`);
    }
    return clean;
  }

  /** A copy of a plain value with every string in it redacted. */
  redactValue<T>(value: T): T {
    if (typeof value === 'string') return this.redact(value) as T;
    if (Array.isArray(value)) return value.map((item) => this.redactValue(item)) as T;
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.redactValue(item)])) as T;
    }
    return value;
  }
}
