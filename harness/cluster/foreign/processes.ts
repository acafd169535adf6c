/** One process of a container. */
export interface Process {
  pid: number;
  parent: number;
  /** Its name as the kernel has it, at most 15 bytes. */
  name: string;
  arguments: string[];
}

/**
 * Prints the processes of a container, one a line, with nothing but a shell and `tr`: not every image has ps. Fields by
 * tabs, arguments by the unit separator (proc(5), /proc/pid/stat and cmdline).
 */
export const processScript = String.raw`for d in /proc/[0-9]*; do
  read -r line < "$d/stat" || continue
  name=\${line#*(}; name=\${name%)*}; rest=\${line##*) }; rest=\${rest#* }
  printf '%s\t%s\t%s\t' "\${d#/proc/}" "\${rest%% *}" "$name"
  tr '\0\n\t' '\037  ' < "$d/cmdline"
  echo
done 2> /dev/null`.replaceAll('\\$', '$');

/** Reads what `processScript` prints. */
export function parseProcesses(text: string): Process[] {
  return text
    .split('\n')
    .map((line) => line.split('\t'))
    .filter((fields) => fields.length === 4)
    .map(([pid, parent, name, line]) => ({
      pid: Number(pid),
      parent: Number(parent),
      name: name ?? '',
      arguments: (line ?? '')
        .replace(/\u001F$/, '')
        .split('\u001F')
        .filter(Boolean),
    }));
}

/** Patroni's own process, and its configuration file; undefined where it does not run. */
export function findPatroni(processes: readonly Process[]): { process: Process; configFile?: string } | undefined {
  const found = processes.filter((process) => patroniAt(process) !== undefined);
  // As first process it runs itself a second time, as its own child (patroni/__main__.py).
  const process =
    found.find(({ pid }) => pid === 1) ?? found.find(({ parent }) => !found.some(({ pid }) => pid === parent));
  if (!process) return undefined;
  const configFile = process.arguments.slice(patroniAt(process)! + 1).find((word) => !word.startsWith('-'));
  return { process, ...(configFile === undefined ? {} : { configFile }) };
}

/** Where the program's name stands among the arguments: `python3 /usr/bin/patroni …`, `python3 -m patroni …`, `patroni …`. */
function patroniAt({ arguments: words }: Process): number | undefined {
  const python = /(^|\/)(python|pypy)[\d.]*$/.test(words[0] ?? '');
  // The script is the first word that is no option, or what follows -m.
  const at = python ? words.findIndex((word, index) => index > 0 && !word.startsWith('-')) : 0;
  return /(^|\/)patroni(\.py)?$/.test(words[at] ?? '') ? at : undefined;
}

/** Barman's own process that receives the WAL of a server: `python3 /usr/bin/barman receive-wal main`. */
export function findReceiveWal(processes: readonly Process[], server: string): Process | undefined {
  return processes.find(({ arguments: words }) => {
    const at = words.findIndex((word) => /(^|\/)barman$/.test(word));
    return at >= 0 && at <= 1 && words.includes('receive-wal') && words.includes(server);
  });
}

/** A process and those above it, up to the first. */
export function lineage(processes: readonly Process[], process: Process): Process[] {
  const line: Process[] = [];
  for (let at: Process | undefined = process; at && !line.includes(at);) {
    line.push(at);
    const { parent }: Process = at;
    at = processes.find(({ pid }) => pid === parent);
  }
  return line;
}
