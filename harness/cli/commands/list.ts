import { accidentKinds } from '../../accidents/catalogue';
import { optionFields } from '../../accidents/option-values';
import { listDrills } from '../../suite/discovery';
import { defaultDrill } from '../../suite/selection';
import { renderJson } from '../../../reports/json';
import { examples, type DefineCommand } from '../command-line';
import type { Screen } from '../screen';
import { tableText } from '../table';

/** `pgdrill list`: the drills that come with pgdrill. */
export const defineList: DefineCommand = (program, line) => {
  program
    .command('list')
    .description('list the drills that come with pgdrill')
    .option('--accidents', 'the accidents that `pgdrill break` can let happen')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples([
        ['pgdrill list', 'ids, families and labels: each can be given to `pgdrill run`'],
        ['pgdrill list --accidents', 'what each does, whom it strikes'],
        ['pgdrill list --json', 'for programs'],
      ]),
    )
    .action(({ json, accidents }: { json?: boolean; accidents?: boolean }) => {
      line.work = async () => {
        if (accidents) return listAccidents(line.screen, json ?? false);
        const drills = await listDrills();
        if (json) {
          line.screen.data(renderJson(drills));
          return 0;
        }
        const rows = drills.map(({ id, family, labels, title }) => {
          return [id, family, labels.join(', '), id === defaultDrill ? `${title} (the default)` : title];
        });
        line.screen.print(tableText(['drill', 'family', 'labels', 'title'], rows, line.screen.width));
        return 0;
      };
    });
};

function listAccidents(screen: Screen, json: boolean): number {
  if (json) {
    const plain = accidentKinds.map(({ name, family, title, does, strikes, options, proof, undone, neverTouches }) => {
      return { name, family, title, does, strikes, options: optionFields(options), proof, undone, neverTouches };
    });
    screen.data(renderJson(plain));
    return 0;
  }
  const rows = accidentKinds.map(({ name, family, strikes, title }) => [name, family, strikes.join(', '), title]);
  screen.print(tableText(['accident', 'family', 'strikes', 'what'], rows, screen.width));
  return 0;
}
