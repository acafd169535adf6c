import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

const root = path.join(__dirname, '../..');

/** A process of a test's own, to be killed or to compete with. */
export interface ScratchProcess {
  readonly child: ChildProcess;
  /** What it has written so far. */
  output(): string;
  /** Resolves once it has written this; rejects when its output ends without. */
  said(text: string): Promise<void>;
  /** Resolves when it has ended and nobody holds its output any more. */
  readonly closed: Promise<void>;
}

/**
 * Starts a Node process that takes TypeScript.
 * @param program statements in CommonJS; `engine(name)` requires a file of this room
 */
export function startProcess(program: string, environment: NodeJS.ProcessEnv = {}): ScratchProcess {
  const prelude = `const engine = (name) => require(${JSON.stringify(__dirname)} + '/' + name);`;
  const child = spawn(
    process.execPath,
    ['-r', path.join(root, 'bin/machine/register.cjs'), '-e', `${prelude}(async () => {${program}})();`],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } },
  );
  let text = '';
  const onText = (chunk: Buffer) => (text += String(chunk));
  child.stdout.on('data', onText);
  child.stderr.on('data', onText);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    child,
    output: () => text,
    closed,
    said: (wanted) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (text.includes(wanted)) resolve();
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        void closed.then(() => reject(new Error(`"${wanted}" was not said, but:\n${text}`)));
        look();
      }),
  };
}
