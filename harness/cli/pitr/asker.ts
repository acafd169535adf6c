import readline from 'node:readline/promises';
import { PgdrillError } from '../../record/errors';

/** A person at a terminal, who can be asked. */
export interface Asker {
  /** Whether there is one. */
  readonly present: boolean;
  /**
   * Asks a question; returns the answer without blanks around it.
   * @throws PGDRILL_INTERRUPTED at Ctrl-C, PGDRILL_NOT_CONFIRMED at the end of the input
   */
  ask(question: string): Promise<string>;
}

/**
 * The person at this process's terminal.
 * @param options.json standard output is a program's: questions go to standard error
 * @param options.signal ends a question that is open
 */
export function terminalAsker({ json, signal }: { json: boolean; signal: AbortSignal }): Asker {
  const output = json ? process.stderr : process.stdout;
  return {
    present: Boolean(process.stdin.isTTY && output.isTTY),
    async ask(question) {
      const lines = readline.createInterface({ input: process.stdin, output, terminal: true });
      // In raw mode Ctrl-C is a key: handed on, so that it does what it does everywhere else.
      lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      const closed = new AbortController();
      lines.once('close', () => closed.abort());
      try {
        return (await lines.question(question, { signal: AbortSignal.any([signal, closed.signal]) })).trim();
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (!closed.signal.aborted) throw error;
        output.write('\n');
        throw new PgdrillError('PGDRILL_NOT_CONFIRMED', 'the input ended before an answer', 'nothing was changed');
      } finally {
        lines.close();
      }
    },
  };
}
