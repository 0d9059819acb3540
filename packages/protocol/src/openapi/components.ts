import { z } from 'zod';

export type JsonSchema = { [key: string]: unknown };

const DEFS = '#/$defs/';
const SCHEMAS = '#/components/schemas/';

/** Turns zod schemas into JSON Schema; those with a `meta` id stand once, under `components`, and are referred to. */
export interface Components {
  /** @param io whether it is what comes in (before defaults are filled in) or what goes out */
  schema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema;
  /** The named schemas so far, by name. */
  schemas(): Record<string, JsonSchema>;
}

export function createComponents(): Components {
  const named = new Map<string, JsonSchema>();
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
    schemas: () => Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

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
