import { z } from 'zod';

/** One option of an accident, as a command line or a page shows it. */
export interface OptionField {
  /** As a drill writes it: `perSecond`. */
  name: string;
  /** As a command line has it: `--per-second`; of a switch that is on by default `--no-restarted`. */
  flag: string;
  kind: 'text' | 'number' | 'switch';
  /** What may be given, where only some values may. */
  choices?: string[];
  required: boolean;
  default?: unknown;
  description: string;
}

/** The options of a kind's schema, in its order. */
export function optionFields(schema: z.ZodObject): OptionField[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const given = z.toJSONSchema(z.object({ [name]: field as z.ZodType }), { io: 'input' });
    const property = (given.properties?.[name] ?? {}) as {
      type?: string;
      enum?: string[];
      description?: string;
      default?: unknown;
    };
    return {
      name,
      flag: `--${property.default === true ? 'no-' : ''}${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      kind: kindOf(property.type),
      ...(property.enum ? { choices: property.enum } : {}),
      required: given.required?.includes(name) ?? false,
      ...(property.default === undefined ? {} : { default: property.default }),
      description: property.description ?? '',
    };
  });
}

function kindOf(type: string | undefined): OptionField['kind'] {
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'boolean' ? 'switch' : 'text';
}
