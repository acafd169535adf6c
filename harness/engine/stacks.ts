import { PgdrillError } from '../record/errors';

export type ImageName = 'node' | 'etcd' | 'barman';

/** The versions under test: a Debian release fixes PostgreSQL, Patroni, etcd and Barman together. */
export interface Stack {
  readonly name: string;
  readonly baseImage: string;
  /** The Debian release from which the base image is made where no registry has it. */
  readonly release: string;
  readonly buildArguments: Readonly<Record<string, string>>;
}

const stacks: readonly Stack[] = [
  {
    name: 'bookworm',
    baseImage: 'debian:bookworm-slim',
    release: 'bookworm',
    buildArguments: { PG_MAJOR: '15' },
  },
];

/** @throws PGDRILL_UNKNOWN_STACK */
export function findStack(name: string): Stack {
  const stack = stacks.find((one) => one.name === name);
  if (stack) return stack;
  const known = stacks.map((one) => one.name).join(', ');
  throw new PgdrillError('PGDRILL_UNKNOWN_STACK', `there is no stack "${name}"`, `choose one of: ${known}`);
}
