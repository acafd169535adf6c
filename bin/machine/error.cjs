// @ts-check
'use strict';

/**
 * What is wrong with the machine, and what to do about it: the same form as PgdrillError of harness/record/errors,
 * which cannot be loaded before TypeScript can.
 */
class MachineError extends Error {
  /**
   * @param {string} code stable, `PGDRILL_…`
   * @param {string} what one sentence of what happened
   * @param {string} cure what to do
   * @param {{ cause?: unknown, details?: string, exit?: number }} [more] `details` is output of a command that failed;
   *   `exit` is the exit code (default 2: the machine)
   */
  constructor(code, what, cure, more = {}) {
    super(what, { cause: more.cause });
    this.name = 'MachineError';
    this.code = code;
    this.cure = cure;
    this.details = more.details ?? '';
    this.exit = more.exit ?? 2;
  }

  /** @returns {string} the lines that a person reads, without a final newline */
  lines() {
    const details = this.details ? `${this.details.trimEnd().replace(/^/gm, '  | ')}\n` : '';
    return `${details}pgdrill: ${this.code}: ${this.message}\n  what to do: ${this.cure}`;
  }
}

module.exports = { MachineError };
