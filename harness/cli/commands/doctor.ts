import { exitCodes } from '../../record/outcome';
import { renderJson } from '../../../reports/json';
import { statusSigns } from '../../../reports/outcome-words';
import { labelled } from '../../../reports/paragraph';
import { examples, type DefineCommand } from '../command-line';
import { examineMachine, type Diagnosis } from '../diagnosis';

const signs = { good: statusSigns.ok, note: statusSigns['not-applicable'], problem: statusSigns.failed } as const;

/** `pgdrill doctor`: what was found on this machine, and what each problem needs. */
export const defineDoctor: DefineCommand = (program, line) => {
  program
    .command('doctor')
    .description('show what pgdrill finds on this machine, and what each problem needs')
    .option('--json', 'as JSON')
    .addHelpText('after', examples([['pgdrill doctor', 'exit code 0: drills can run; 2: something is in the way']]))
    .action(({ json }: { json?: boolean }) => {
      line.work = async (machine) => {
        const diagnoses = await examineMachine(machine);
        const healthy = diagnoses.every(({ state }) => state !== 'problem');
        if (json) line.screen.data(renderJson({ healthy, diagnoses }));
        else line.screen.print(diagnoses.flatMap((one) => linesOf(one, line.screen.width)).join('\n'));
        return healthy ? exitCodes.passed : exitCodes['not-run'];
      };
    });
};

function linesOf({ name, state, found, cure }: Diagnosis, width: number | undefined): string[] {
  const at = { indent: 0, column: 14, ...(width === undefined ? {} : { width }) };
  const head = `${signs[state]} ${name}`;
  const rest = cure === undefined ? [] : labelled('', `what to do: ${cure}`, at);
  return [...found.flatMap((text, index) => labelled(index === 0 ? head : '', text, at)), ...rest];
}
