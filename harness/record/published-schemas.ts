import { z } from 'zod';
import * as backupRef from './backup-ref';
import * as detection from './detection';
import { eventBodySchema, eventEnvelopeSchema } from './events';
import * as evidence from './evidence';
import * as expectedAnswer from './expected-answer';
import * as finding from './finding';
import * as fingerprint from './fingerprint';
import * as incident from './incident';
import * as ledger from './ledger';
import * as narrowing from './narrowing';
import * as outcome from './outcome';
import * as recovery from './recovery';
import * as roles from './roles';
import * as values from './values';
import * as verdict from './verdict';

/** Modules whose exported schemas become definitions of their own, under their own name. */
const parts = [
  backupRef,
  detection,
  evidence,
  expectedAnswer,
  finding,
  fingerprint,
  incident,
  ledger,
  narrowing,
  outcome,
  recovery,
  roles,
  values,
  verdict,
];

/** A JSON Schema, as far as it is worked on here. */
export interface JsonSchema {
  [keyword: string]: unknown;
  definitions?: Record<string, JsonSchema>;
  properties?: Record<string, JsonSchema>;
  $ref?: string;
  description?: string;
}

/** A file of a run whose form is published. */
export interface PublishedSchema {
  /** `docs/<name>.schema.json`. */
  name: 'evidence' | 'verdict' | 'events';
  title: string;
  schema: z.ZodType;
  /** The definition that the file as a whole is. */
  root: string;
}

export const publishedSchemas: readonly PublishedSchema[] = [
  {
    name: 'evidence',
    title: 'evidence.json of pgdrill: everything observed in one run',
    schema: evidence.evidenceSchema,
    root: 'evidence',
  },
  {
    name: 'verdict',
    title: 'verdict.json of pgdrill: the judgement of one run',
    schema: verdict.verdictSchema,
    root: 'verdict',
  },
  {
    name: 'events',
    title: 'one line of events.jsonl of pgdrill: what happened in one run',
    schema: z.intersection(eventEnvelopeSchema, eventBodySchema),
    root: 'eventBody',
  },
];

/**
 * What is known of a place.
 * @param definition name of the definition that it lies in
 * @param path names of the properties on the way, joined by dots; `<kind>` for a kind of several; empty: the definition
 */
export type Describe = (definition: string, path: string) => string | undefined;

/**
 * The JSON Schema (draft-07, which most validators and editors take) of a file. Objects are open: a later version of the
 * same `format` may add to them.
 */
export function jsonSchemaOf(
  { name, title, schema, root }: PublishedSchema,
  describe: Describe = () => undefined,
): JsonSchema {
  const registry = z.registry<{ id: string }>();
  for (const [definition, part] of definitions()) {
    // A definition that is the file itself would refer to itself.
    if (definition !== root) registry.add(part, { id: definition });
  }
  const json = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    metadata: registry,
    override: ({ zodSchema, jsonSchema }) => {
      delete jsonSchema.id;
      // zod writes the range of safe integers at every whole number.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      const own = z.globalRegistry.get(zodSchema)?.description;
      if (own !== undefined) jsonSchema.description = own;
    },
  }) as JsonSchema;
  const { $schema, definitions: parts = {}, ...rest } = json;
  describeTree(rest, root, '', describe);
  for (const [definition, part] of Object.entries(parts)) describeTree(part, definition, '', describe);
  const sorted = Object.fromEntries(Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { $schema, $id: `${name}.schema.json`, title, ...rest, definitions: sorted };
}

/** Exported schemas by name, without the `Schema` at its end. */
function definitions(): [definition: string, schema: z.ZodType][] {
  return parts.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]): [string, z.ZodType][] =>
      value instanceof z.ZodType ? [[name.replace(/Schema$/, ''), value]] : [],
    ),
  );
}

/** Adds a description wherever one is known and none stands. */
function describeTree(node: JsonSchema, definition: string, path: string, describe: Describe): void {
  if (path === '' || path.endsWith('>')) addDescription(node, describe(definition, path));
  for (const [name, property] of Object.entries(node.properties ?? {})) {
    const inner = path === '' ? name : `${path}.${name}`;
    const text = describe(definition, inner);
    if (property.$ref !== undefined) {
      // Draft-07 reads nothing that stands beside a reference.
      if (text !== undefined && node.properties) node.properties[name] = { description: text, allOf: [property] };
      continue;
    }
    addDescription(property, text);
    describeTree(property, definition, inner, describe);
  }
  for (const below of branches(node)) {
    const kind = kindOf(below);
    describeTree(below, definition, kind === undefined ? path : `${path}<${kind}>`, describe);
  }
}

function addDescription(node: JsonSchema, text: string | undefined): void {
  if (text === undefined || node.description !== undefined || node.$ref !== undefined) return;
  node.description = text;
}

/** The kind of one of several that are told apart by `kind`. */
function kindOf({ properties }: JsonSchema): string | undefined {
  const { kind } = properties ?? {};
  const said = [kind, ...branches(kind ?? {})].map((one) => one?.const);
  return said.find((one): one is string => typeof one === 'string');
}

function branches({ items, additionalProperties, anyOf, oneOf, allOf }: JsonSchema): JsonSchema[] {
  return [items, additionalProperties, anyOf, oneOf, allOf]
    .flat()
    .filter((one): one is JsonSchema => typeof one === 'object' && one !== null);
}
