import type { Command } from 'commander';
import type { Machine } from '../../bin/machine/ready.cjs';
import type { Screen } from './screen';

/** What a command does once its arguments are found right. @returns the exit code */
export type Work = (machine: Machine) => Promise<number>;

/** One command line while it is read. */
export interface CommandLine {
  readonly screen: Screen;
  /** As typed, without node and script. */
  readonly argv: readonly string[];
  /** What came after `--`. */
  readonly rest: readonly string[];
  /** Set by the command that was named, after it has checked its arguments. */
  work?: Work;
}

/** Adds one command to the program. Its action checks everything that can be checked early, then sets `line.work`. */
export type DefineCommand = (program: Command, line: CommandLine) => void;

/** Examples under a command's help. */
export function examples(lines: readonly (readonly [command: string, what: string])[]): string {
  const longest = Math.max(...lines.map(([command]) => command.length));
  return `\nExamples:\n${lines.map(([command, what]) => `  ${command.padEnd(longest)}  ${what}`).join('\n')}`;
}
