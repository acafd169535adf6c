import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import { foldEvents, parseEvents } from './fold';
import { jsonSchemaOf, publishedSchemas, type Describe, type JsonSchema } from './published-schemas';

const root = path.join(__dirname, '../..');
const folderOfRuns = path.join(root, 'fixtures/runs');
const runs = readdirSync(folderOfRuns);
const fileOf = (name: string): string => path.join(root, 'docs', `${name}.schema.json`);

interface Ajv {
  compile(schema: object): ((value: unknown) => boolean) & { errors?: unknown };
}
/** A validator that is not zod: the one that eslint brings along. */
const AjvClass = createRequire(createRequire(__filename).resolve('eslint/package.json'))('ajv') as new (
  options: object,
) => Ajv;
const validator = (name: string) =>
  new AjvClass({ allErrors: true }).compile(JSON.parse(readFileSync(fileOf(name), 'utf8')) as object);

describe('published schemas', () => {
  const describePlace = commentsIn(__dirname);
  const textOf = (schema: JsonSchema): string => `${JSON.stringify(schema, null, 2)}\n`;

  test.each(publishedSchemas.map((one) => [one.name, one] as const))(
    'docs/%s.schema.json › is what the code gives; `npm run generate` writes it anew',
    (name, published) => {
      const text = textOf(jsonSchemaOf(published, describePlace));
      if (process.env.WRITE_GENERATED) writeFileSync(fileOf(name), text);
      expect(readFileSync(fileOf(name), 'utf8')).toBe(text);
    },
  );

  test('descriptions › are the comments of the code', () => {
    const { definitions } = JSON.parse(readFileSync(fileOf('evidence'), 'utf8')) as JsonSchema;
    const member = definitions?.memberEvidence?.properties ?? {};
    expect(member.unreachable?.description).toBe('Why nothing else is here, when the member could not be asked.');
    expect(member.readAt?.description).toMatch(/^The leader's position at the time of looking/);
    expect(definitions?.recoveryTarget?.description).toMatch(/^Where a recovery shall stop/);
    expect(definitions?.outcome?.description).toMatch(/^How a run ended/);
  });
});

describe.each(runs)('saved run %s', (run) => {
  const read = (file: string): string => readFileSync(path.join(folderOfRuns, run, file), 'utf8');
  const lines = read('events.jsonl').split('\n').filter(Boolean);

  test('evidence.json › is valid by the published schema', () => {
    const valid = validator('evidence');
    const evidence = foldEvents(parseEvents(read('events.jsonl')));
    expect([valid(evidence), valid.errors]).toEqual([true, null]);
  });

  test('verdict.json › is valid, and one with an outcome that does not exist is not', () => {
    const valid = validator('verdict');
    const verdict = JSON.parse(read('verdict.json')) as object;
    expect([valid(verdict), valid.errors]).toEqual([true, null]);
    expect(valid({ ...verdict, outcome: 'perhaps' })).toBe(false);
  });

  test('events.jsonl › every line is valid, and one of an unknown kind is not', () => {
    const valid = validator('events');
    for (const line of lines) expect([valid(JSON.parse(line)), valid.errors]).toEqual([true, null]);
    expect(valid({ ...(JSON.parse(lines[0] ?? '{}') as object), kind: 'run-dreamt' })).toBe(false);
  });
});

/** The comments over the schemas in a folder's files, over their properties, and over the values of their enums. */
function commentsIn(folder: string): Describe {
  const comments = new Map<string, string>();
  for (const file of readdirSync(folder).filter((name) => /^[a-z-]+\.ts$/.test(name))) {
    const source = ts.createSourceFile(file, readFileSync(path.join(folder, file), 'utf8'), ts.ScriptTarget.ES2022);
    const schemas = schemasOf(source);
    for (const [name, { exported, node, value }] of schemas) {
      if (exported) walk(value, name.replace(/Schema$/, ''), commentOf(node));
    }

    function walk(node: ts.Node, at: string, comment?: string): void {
      note(at, comment);
      if (ts.isCallExpression(node)) {
        if (ts.isPropertyAccessExpression(node.expression)) walk(node.expression.expression, at);
        node.arguments.forEach((argument) => walk(argument, at));
      } else if (ts.isArrayLiteralExpression(node)) {
        for (const element of node.elements) {
          if (ts.isStringLiteral(element)) note(at, withName(element.text, commentOf(element)), '\n');
          else walk(element, `${at}${kindIn(element)}`);
        }
      } else if (ts.isObjectLiteralExpression(node)) {
        for (const property of node.properties) {
          if (ts.isSpreadAssignment(property)) walk(property.expression, at);
          else {
            const inner = `${at}.${property.name.getText(source)}`;
            note(inner, commentOf(property));
            if (ts.isPropertyAssignment(property)) walk(property.initializer, inner);
          }
        }
      } else if (ts.isIdentifier(node)) {
        const local = schemas.get(node.text);
        if (local && !local.exported) walk(local.value, at, commentOf(local.node));
      }
    }

    /** `<run-started>` of an object, or of the name of one, with that literal for its kind. */
    function kindIn(node: ts.Node): string {
      const local = ts.isIdentifier(node) ? schemas.get(node.text)?.value : node;
      const kind = /kind: z\.literal\('([a-z-]+)'\)/.exec(local?.getText(source) ?? '')?.[1];
      return kind === undefined ? '' : `<${kind}>`;
    }

    function commentOf(node: ts.Node): string | undefined {
      const blocks = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
      const last = blocks.map(({ pos, end }) => source.text.slice(pos, end)).findLast((text) => text.startsWith('/**'));
      return last
        ?.replace(/^\/\*\*|\*\/$/g, '')
        .replace(/^\s*\*\s?/gm, '')
        .replace(/\s+/g, ' ')
        .trim();
    }
  }

  function note(at: string, comment: string | undefined, join?: string): void {
    if (comment === undefined) return;
    const before = comments.get(at);
    if (before === undefined) comments.set(at, comment);
    else if (join !== undefined) comments.set(at, `${before}${join}${comment}`);
  }

  return (definition, place) => comments.get(placeOf(definition, place));
}

/** `eventBody<note>.text`, `memberEvidence.rest.status`. */
function placeOf(definition: string, place: string): string {
  if (place === '' || place.startsWith('<')) return `${definition}${place}`;
  return `${definition}.${place}`;
}

function withName(value: string, comment: string | undefined): string | undefined {
  return comment === undefined ? undefined : `${value}: ${comment}`;
}

interface SchemaNode {
  exported: boolean;
  node: ts.VariableStatement;
  value: ts.Expression;
}

function schemasOf(source: ts.SourceFile): Map<string, SchemaNode> {
  const found = new Map<string, SchemaNode>();
  for (const node of source.statements.filter(ts.isVariableStatement)) {
    const exported = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
    for (const { name, initializer } of node.declarationList.declarations) {
      if (ts.isIdentifier(name) && initializer) found.set(name.text, { exported, node, value: initializer });
    }
  }
  return found;
}
