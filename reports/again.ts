import { shellWord } from '../harness/formats/shell-word';

const carried = ['--stack', '--dataset', '--nodes', '--deadline-scale', '--without', '--for', '--detectors'];

/**
 * The command that makes the same run again: the drill, what the first command changed about it, and the seed.
 * @param args arguments of the first command, as recorded
 * @param program how pgdrill is called
 */
export function againCommand(drill: string, seed: number, args: readonly string[] = [], program = 'pgdrill'): string {
  const words = commandWords(drill, args);
  args.forEach((arg, index) => {
    const [name = '', value] = arg.split(/=(.*)/s);
    if (name === '--deep') words.push(name);
    if (carried.includes(name)) words.push(name, value ?? args[index + 1] ?? '');
  });
  return `${program} ${[...words, '--seed', String(seed)].map(shellWord).join(' ')}`;
}

/** The walk is a command of its own: how long it lasts is no option of `run`. So are faults and their detectors. */
function commandWords(drill: string, args: readonly string[]): string[] {
  const [command, ...rest] = args;
  if (command === 'chaos') return ['chaos'];
  // A variant of a drill is known to this command only.
  if (command === 'sabotage' && drill.includes('-without-')) return ['sabotage', '--cures', drill];
  if (command !== 'detect') return ['run', drillWord(drill, args)];
  const options = rest.findIndex((arg) => arg.startsWith('-'));
  return ['detect', ...rest.slice(0, options < 0 ? undefined : options)];
}

/** A drill of one's own is chosen by its path. */
function drillWord(drill: string, args: readonly string[]): string {
  const paths = args.filter((arg) => /\.drill\.[cm]?[jt]s$/.test(arg));
  return paths.find((path) => path.includes(drill)) ?? (paths.length === 1 ? paths[0] : undefined) ?? drill;
}
