import { inAscii } from '../../reports/paragraph';

/** Where a command's output goes, and what that place can show. */
export interface Screen {
  /** Whether lines may be drawn over: a terminal that is no CI's log. */
  readonly live: boolean;
  readonly colour: boolean;
  /** Characters of a line; undefined when nobody looks at it line by line (a file, a pipe). */
  readonly width: number | undefined;
  readonly rows: number;
  /** Text for people, a line break added where there is none. */
  print(text: string): void;
  /** Text for people that is no result: progress of JSON output, errors. Goes to standard error. */
  complain(text: string): void;
  /** Text as it is, to standard output, but for signs that the terminal cannot show. */
  draw(text: string): void;
  /** Text exactly as it is, to standard output. */
  data(text: string): void;
  /** Called once when standard output is gone: the reader of the pipe has ended. */
  onClosed(listener: () => void): void;
}

type Output = Pick<NodeJS.WriteStream, 'write' | 'on'> & { isTTY?: boolean; columns?: number; rows?: number };
type Environment = Record<string, string | undefined>;

/**
 * The screen of this process.
 * @param env NO_COLOR, FORCE_COLOR, CI, TERM and the locale decide what is shown and how
 */
export function openScreen(
  env: Environment = process.env,
  out: Output = process.stdout,
  err: Output = process.stderr,
): Screen {
  const terminal = Boolean(out.isTTY) && env.TERM !== 'dumb';
  const encode = speaksUtf8(env) ? (text: string) => text : inAscii;
  const listeners: (() => void)[] = [];
  let closed = false;
  out.on('error', (error: NodeJS.ErrnoException) => {
    if (closed || (error.code !== 'EPIPE' && error.code !== 'EIO' && error.code !== 'ERR_STREAM_DESTROYED')) return;
    closed = true;
    for (const listener of listeners) listener();
  });
  // A closed standard error must not end a clean-up: there is nobody left to tell.
  err.on('error', () => undefined);
  const write = (stream: Output, text: string) => {
    if (stream === out && closed) return;
    stream.write(text);
  };
  return {
    live: terminal && !isSet(env.CI),
    colour: hasColour(env, terminal),
    get width() {
      return terminal ? (out.columns ?? 80) : undefined;
    },
    get rows() {
      return out.rows ?? 24;
    },
    print: (text) => write(out, encode(withBreak(text))),
    complain: (text) => write(err, encode(withBreak(text))),
    draw: (text) => write(out, encode(text)),
    data: (text) => write(out, text),
    onClosed: (listener) => {
      if (closed) listener();
      else listeners.push(listener);
    },
  };
}

/** The same screen with everything on standard error: for the progress of a command whose result a program reads. */
export function onStandardError(screen: Screen): Screen {
  const complain = (text: string): void => screen.complain(text);
  return {
    live: false,
    colour: false,
    width: undefined,
    rows: screen.rows,
    print: complain,
    complain,
    draw: complain,
    data: complain,
    onClosed: (listener) => screen.onClosed(listener),
  };
}

/** Whether colours are wanted: https://no-color.org, FORCE_COLOR as most tools have it, else a terminal. */
export function hasColour(env: Environment, terminal: boolean): boolean {
  if (isSet(env.NO_COLOR)) return false;
  if (isSet(env.FORCE_COLOR)) return true;
  return terminal;
}

/** Whether the locale's character set is UTF-8, by the order of POSIX's `locale`: LC_ALL, LC_CTYPE, LANG. */
export function speaksUtf8(env: Environment): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

function withBreak(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
