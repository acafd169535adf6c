import type { Command } from 'commander';
import { connectEngine } from '../../engine/connect';
import {
  builtImages,
  dockerDirectory,
  ensureImages,
  removeStaleImages,
  staleImages,
  type StackImage,
} from '../../engine/images';
import { findStack, type ImageName } from '../../engine/stacks';
import { PgdrillError } from '../../record/errors';
import { bytesText, durationText, plural } from '../../../reports/quantity';
import { examples, type CommandLine, type DefineCommand } from '../command-line';
import { imageNames } from '../image-names';
import { takeInterrupts } from '../interruption';
import { tableText } from '../table';
import { defaultStack, numberOf, scaleRange } from '../usage';

/** `pgdrill images build|list|clean`. */
export const defineImages: DefineCommand = (program, line) => {
  const images = program.command('images').description('build, list or remove the images of the containers');
  images.addHelpText(
    'after',
    examples([
      ['pgdrill images build', 'build what is missing'],
      ['pgdrill images list', 'what is there, and what is out of date'],
      ['pgdrill images clean', 'remove what is out of date'],
    ]),
  );
  defineBuild(images, line);
  images
    .command('list')
    .description('list the images that pgdrill has built')
    .action(() => {
      line.work = async () => {
        const engine = await connectEngine();
        const stale = new Set((await staleImages(engine, [defaultStack], dockerDirectory())).map(({ id }) => id));
        const built = await builtImages(engine);
        const rows = built.map((image) => [
          tagOf(image),
          bytesText(image.sizeBytes),
          stale.has(image.id) ? 'out of date' : '',
        ]);
        line.screen.print(
          built.length > 0
            ? tableText(['image', 'size', ''], rows.sort())
            : 'no images: `pgdrill images build` builds them',
        );
        return 0;
      };
    });
  images
    .command('clean')
    .description('remove images that are out of date')
    .action(() => {
      line.work = async () => {
        const removed = await removeStaleImages(await connectEngine(), [defaultStack], dockerDirectory());
        for (const image of removed) line.screen.print(`removed ${tagOf(image)}`);
        line.screen.print(`${plural(removed.length, 'image')} removed`);
        return 0;
      };
    });
};

function defineBuild(images: Command, line: CommandLine): void {
  images
    .command('build')
    .description('build the images that are missing')
    .argument('[name...]', `which: ${imageNames.join(', ')}; default all`)
    .option('--stack <name>', 'versions under test', defaultStack)
    .option('--deadline-scale <factor>', 'multiply every deadline', '1')
    .action((names: string[], { stack, deadlineScale }: { stack: string; deadlineScale: string }) => {
      const chosen = names.length > 0 ? names.map(imageNamed) : imageNames;
      const found = findStack(stack);
      const scale = numberOf('--deadline-scale', deadlineScale, scaleRange);
      line.work = async () => {
        const { screen } = line;
        const interruption = takeInterrupts(screen, (text) => screen.complain(`pgdrill: ${text}`));
        try {
          const began = performance.now();
          const tags = await ensureImages(await connectEngine(), found, chosen, {
            dockerDir: dockerDirectory(),
            progress: (text) => screen.print(text),
            signal: interruption.signal,
            deadlineScale: scale,
          });
          for (const tag of Object.values(tags)) screen.print(tag);
          screen.print(`all there, ${durationText(performance.now() - began)}`);
          return 0;
        } finally {
          interruption.stop();
        }
      };
    });
}

function imageNamed(name: string): ImageName {
  const found = imageNames.find((one) => one === name);
  if (found) return found;
  throw new PgdrillError(
    'PGDRILL_UNKNOWN_IMAGE',
    `there is no image "${name}"`,
    `choose from ${imageNames.join(', ')}`,
  );
}

function tagOf(image: StackImage): string {
  return image.tags.join(', ') || image.id.slice(0, 19);
}
