import { listDrills } from '../../suite/discovery';
import { defaultDrill } from '../../suite/selection';
import { renderJson } from '../../../reports/json';
import { examples, type DefineCommand } from '../command-line';
import { tableText } from '../table';

/** `pgdrill list`: the drills that come with pgdrill. */
export const defineList: DefineCommand = (program, line) => {
  program
    .command('list')
    .description('list the drills that come with pgdrill')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples([
        ['pgdrill list', 'ids, families and labels: each can be given to `pgdrill run`'],
        ['pgdrill list --json', 'for programs'],
      ]),
    )
    .action(({ json }: { json?: boolean }) => {
      line.work = async () => {
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
