import { accidentFamilies, type AccidentFamily, type AccidentKind } from './kind';
import { optionFields } from './option-values';
import { whomOf } from './victims';

const about: Record<AccidentFamily, string> = {
  logical: 'What people and programs do to the data.',
  corruption: 'What disks, kernels and hands do to the files.',
  failover: 'What happens to machines, processes and networks.',
  dcs: 'What happens to etcd and to what Patroni keeps there.',
  archive: 'What happens to WAL and backups on their way, and where they lie.',
};

/** The part of docs/accidents.md that is made of the kinds. Pure. */
export function accidentsPage(kinds: readonly AccidentKind[]): string {
  return accidentFamilies
    .map((family) => [family, kinds.filter((kind) => kind.family === family)] as const)
    .filter(([, some]) => some.length > 0)
    .map(([family, some]) => [`## ${family}`, about[family], ...some.map(section)].join('\n\n'))
    .join('\n\n');
}

function section(kind: AccidentKind): string {
  const fields = optionFields(kind.options);
  const rows: [string, string][] = [
    ['strikes', kind.strikes.map((who, index) => `\`${who}\`${index === 0 ? ' (default)' : ''}`).join(', ')],
    ['proof', kind.proof],
    ['undone', kind.undone],
    ['never touches', kind.neverTouches],
  ];
  if (kind.twoWriters) {
    const where = kind.twoWriters === true ? '' : `${kind.twoWriters.words}, `;
    rows.push(['two writers', `${where}by its nature: counted, not red`]);
  }
  const options = fields.map(({ flag, description, required, choices, default: value }) => {
    const said = [
      ...(choices ? [choices.map((choice) => `\`${choice}\``).join(', ')] : []),
      ...(required ? ['required'] : value === undefined ? [] : [`default \`${String(value)}\``]),
    ];
    return `- \`${flag}\`: ${description}${said.length > 0 ? ` (${said.join('; ')})` : ''}`;
  });
  return [
    `### ${kind.name}`,
    `${kind.title}. ${kind.does}`,
    `| | |\n|---|---|\n${rows.map(([name, text]) => `| ${name} | ${text} |`).join('\n')}`,
    ...(options.length > 0 ? [options.join('\n')] : []),
  ].join('\n\n');
}

/** Whom accidents strike, as a list. */
export function whomPage(): string {
  return Object.entries(whomOf)
    .map(([name, what]) => `- \`${name}\`: ${what}`)
    .join('\n');
}
