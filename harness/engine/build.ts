import { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { messageOf, PgdrillError } from '../record/errors';
import { labels } from '../run/ids';
import { throwIfInterrupted } from '../run/until';
import { proxyArguments, proxyIsLocal } from './build-context';
import type { Engine } from './connect';
import { engineFailure, isConnectionLost } from './failures';
import { packTar, type TarFile } from './tar';

export interface ImageRecipe {
  /** `node`: how progress and errors call it. */
  name: string;
  /** The full tag that it gets when, and only when, the build succeeds. */
  tag: string;
  files: TarFile[];
  buildArguments: Record<string, string>;
  /** For the label `pgdrill.content`. */
  contentHash: string;
}

/** One line of what the engine reports of a build (Docker Engine API, ImageBuild). */
interface Report {
  stream?: string;
  error?: string;
}

const keptLines = 30;

/**
 * Builds one image by the engine's own builder, through dockerode: testcontainers swallows errors of a build and hands
 * out a stale image of the same tag.
 * @param progress gets one line a step: `node 3/9 RUN apt-get …`
 * @throws PGDRILL_IMAGE_BUILD with the failing step and the last lines of its output; PGDRILL_ENGINE_DIED;
 *   PGDRILL_INTERRUPTED (the engine gives the build up when the connection closes)
 */
export async function buildImage(
  engine: Engine,
  recipe: ImageRecipe,
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  throwIfInterrupted(signal);
  const proxies = proxyArguments(process.env);
  let step = 'before its first step';
  let output: string[] = [];
  let failure: string | undefined;
  try {
    const stream = await engine.docker.buildImage(Readable.from([packTar(recipe.files)], { objectMode: false }), {
      t: recipe.tag,
      buildargs: { ...recipe.buildArguments, ...proxies },
      labels: { [labels.content]: recipe.contentHash },
      rm: true,
      forcerm: true,
      abortSignal: signal,
      ...(proxyIsLocal(proxies) ? { networkmode: 'host' } : {}),
    });
    for await (const report of reportsOf(stream, signal)) {
      failure ??= report.error;
      for (const line of linesOf(report.stream ?? '')) {
        const begun = /^Step (\d+\/\d+) : (.*)$/.exec(line);
        if (begun) {
          step = `${begun[1]} ${begun[2]}`.replaceAll(/\s+/g, ' ');
          output = [];
          progress(`${recipe.name} ${shortened(step, 100)}`);
        } else output = [...output.slice(1 - keptLines), line.trimEnd()];
      }
    }
  } catch (error) {
    throwIfInterrupted(signal);
    if (isConnectionLost(error)) throw engineFailure(error, `the image ${recipe.name} was built`);
    failure ??= messageOf(error).trim();
  }
  throwIfInterrupted(signal);
  if (failure !== undefined) throw buildFailed(recipe.name, step, failure, output);
  await requireContent(engine, recipe, step, output);
}

/** What a person wants to read: no colours (stderr is red), nothing of the builder's own accounts of its containers. */
function linesOf(text: string): string[] {
  return stripVTControlCharacters(text)
    .split(/\r?\n|\r/)
    .filter((line) => line.trim() !== '' && !/^ ---> |^Removing intermediate container /.test(line));
}

/** The engine's lines of JSON. */
async function* reportsOf(stream: NodeJS.ReadableStream, signal: AbortSignal): AsyncGenerator<Report> {
  const destroy = () => (stream as Readable).destroy();
  signal.addEventListener('abort', destroy, { once: true });
  try {
    let rest = '';
    for await (const chunk of stream) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as Report;
    }
    if (rest.trim() !== '') yield JSON.parse(rest) as Report;
  } finally {
    signal.removeEventListener('abort', destroy);
  }
}

/** A stream that ended without an error is no proof: the engine may have gone away. What counts is the image. */
async function requireContent(engine: Engine, recipe: ImageRecipe, step: string, output: string[]): Promise<void> {
  const found = await contentOf(engine, recipe.tag);
  if (found !== recipe.contentHash) {
    throw buildFailed(recipe.name, step, 'the build ended without an error and without an image', output);
  }
}

/**
 * The content hash that an image was built from; undefined when there is no such image.
 * @param tag its full tag
 */
export async function contentOf(engine: Engine, tag: string): Promise<string | undefined> {
  try {
    const { Config } = await engine.docker.getImage(tag).inspect();
    return Config.Labels?.[labels.content] ?? '';
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw engineFailure(error, `the image ${tag} was looked for`);
  }
}

function buildFailed(name: string, step: string, failure: string, output: string[]): PgdrillError {
  const said = output.length > 0 ? `; the last lines of that step:\n${output.join('\n')}` : '';
  return new PgdrillError(
    'PGDRILL_IMAGE_BUILD',
    `the image ${name} does not build: step ${shortened(step, 200)} failed: ${shortened(failure, 300)}${said}`,
    "read the lines above: packages come from the machine's Debian mirror over HTTP (a proxy is taken from http_proxy); then try again",
  );
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
