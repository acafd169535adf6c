import { parseDocument } from 'yaml';
import { z } from 'zod';
import { PgdrillError } from '../../record/errors';

const words = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/**
 * The file in which a person names a cluster that pgdrill has not booted (docs/clusters.md). Only the containers have to
 * be given; all else is discovered, and what is given wins.
 */
const foreignFileSchema = z.strictObject({
  /** Containers of the PostgreSQL members. */
  members: z.array(z.string().min(1)).min(1),
  barman: z.strictObject({
    container: z.string().min(1),
    /** Barman's name of the server; default: the one that backs this cluster up. */
    server: z.string().min(1).optional(),
    /** The name by which members reach Barman by ssh; default: the container's host name. */
    host: z.string().min(1).optional(),
    /** The user that Barman runs as; default: the owner of its files. */
    user: z.string().min(1).optional(),
  }),
  /** Patroni's; when they are not the ones discovered, the file is refused. */
  scope: z.string().min(1).optional(),
  namespace: z.string().min(1).optional(),
  patroni: z
    .strictObject({
      /** Patroni's configuration file, the same in every member's container. */
      config: z.string().startsWith('/').optional(),
      /** How Patroni is started and stopped in a container that stays up; a string is run by `sh -c`. */
      start: words.optional(),
      stop: words.optional(),
    })
    .optional(),
  /** Members of etcd as the members' containers reach them: `host:port`. */
  etcd: z.strictObject({ hosts: z.array(z.string().min(1)).min(1) }).optional(),
  postgres: z
    .strictObject({
      /** Folder of `pg_ctl`, `pg_controldata` … */
      bin_dir: z.string().startsWith('/').optional(),
      /** Who runs PostgreSQL; default: the owner of the data directory. */
      user: z.string().min(1).optional(),
    })
    .optional(),
});
export type ForeignFile = z.infer<typeof foreignFileSchema>;

/**
 * Reads the text of a description file.
 * @param name of the file, for errors
 * @throws PGDRILL_DESCRIPTION_INVALID with each place that is wrong
 */
export function parseForeignFile(text: string, name: string): ForeignFile {
  const document = parseDocument(text, { prettyErrors: true });
  const [broken] = document.errors;
  if (broken) throw invalid(name, `is no YAML: ${broken.message.split('\n')[0]}`, broken);
  const read = foreignFileSchema.safeParse(document.toJS());
  if (!read.success) throw invalid(name, read.error.issues.map(issueText).join('; '), read.error);
  const twice = read.data.members.find((member, index, all) => all.indexOf(member) !== index);
  if (twice !== undefined) throw invalid(name, `names the member ${twice} twice`);
  return read.data;
}

function issueText(issue: z.core.$ZodIssue): string {
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const where = place === '' ? '' : ` in "${place}"`;
    return `has ${issue.keys.map((key) => `"${key}"`).join(', ')}${where}, which means nothing here`;
  }
  return place === '' ? 'is no list of names and values' : `"${place}": ${issue.message}`;
}

function invalid(name: string, what: string, cause?: unknown): PgdrillError {
  return new PgdrillError(
    'PGDRILL_DESCRIPTION_INVALID',
    `the description ${name} ${what}`,
    'write at least: members: [container, …] and barman: { container: … }; docs/clusters.md has every field',
    cause === undefined ? {} : { cause },
  );
}
