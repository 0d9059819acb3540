import { z } from 'zod';
import type { HeaderObject, Reference, ResponseObject } from './open_api.ts';

export type JsonSchema = { [key: string]: unknown };

const DEFS = '#/$defs/';
const SCHEMAS = '#/components/schemas/';

/** What stands once in a document and is referred to: schemas with a `meta` id, headers, and answers that are errors. */
export interface Components {
  /** @param io whether it is what comes in (before defaults are filled in) or what goes out */
  schema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema;
  header(name: string, header: HeaderObject): Reference;
  answer(name: string, answer: ResponseObject): Reference;
  /** Everything so far, by name. */
  parts(): {
    readonly schemas: Record<string, JsonSchema>;
    readonly responses: Record<string, ResponseObject>;
    readonly headers: Record<string, HeaderObject>;
  };
}

export function createComponents(): Components {
  const named = new Map<string, JsonSchema>();
  const headers = createPool<HeaderObject>('headers');
  const answers = createPool<ResponseObject>('responses');
  return {
    schema(schema, io) {
      const { $schema: _, $defs = {}, ...made } = z.toJSONSchema(schema, { target: 'draft-2020-12', io }) as JsonSchema;
      for (const [name, part] of Object.entries($defs as Record<string, JsonSchema>)) {
        const moved = referring(part);
        const before = named.get(name);
        if (before && JSON.stringify(before) !== JSON.stringify(moved)) {
          throw new Error(`openapi: two schemas are named ${name}, or one differs on its way in and out`);
        }
        named.set(name, moved);
      }
      return referring(made);
    },
    header: headers.put,
    answer: answers.put,
    parts: () => ({ schemas: sorted(named), responses: sorted(answers.all), headers: sorted(headers.all) }),
  };
}

/** Things by name; another of the same name gets a number. */
function createPool<T>(kind: string): { readonly all: ReadonlyMap<string, T>; put(name: string, part: T): Reference } {
  const all = new Map<string, T>();
  const nameOf = new Map<string, string>();
  return {
    all,
    put(wanted, part) {
      const key = `${wanted} ${JSON.stringify(part)}`;
      let name = nameOf.get(key);
      if (name === undefined) {
        name = wanted;
        for (let number = 2; all.has(name); number++) name = `${wanted}-${number}`;
        nameOf.set(key, name);
        all.set(name, part);
      }
      return { $ref: `#/components/${kind}/${name}` };
    },
  };
}

const sorted = <T>(map: ReadonlyMap<string, T>): Record<string, T> =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));

/** The same schema with its references led to `components`. */
function referring<T>(part: T): T {
  if (Array.isArray(part)) return part.map(referring) as T;
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' && value.startsWith(DEFS)
        ? SCHEMAS + value.slice(DEFS.length)
        : referring(value),
    ]),
  ) as T;
}
