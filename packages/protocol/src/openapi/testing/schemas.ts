import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { JsonSchema } from '../components.ts';
import type { OpenApi } from '../open_api.ts';

/** The schemas of a document as checks: each says where a value is wrong, or nothing. */
export function createSchemaCheck(document: OpenApi): (schema: JsonSchema, value: unknown) => string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: true });
  formats.default(ajv);
  ajv.addSchema(document, 'document');
  const made = new Map<JsonSchema, ValidateFunction>();
  return (schema, value) => {
    let check = made.get(schema);
    if (!check) {
      check = ajv.compile(led(schema) as JsonSchema);
      made.set(schema, check);
    }
    if (check(value)) return [];
    return (check.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath || 'body'} ${message} ${JSON.stringify(params)}`,
    );
  };
}

/** References into the document by its name, so that a part of it can be compiled alone. */
function led(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(led);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' && value.startsWith('#') ? `document${value}` : led(value),
    ]),
  );
}
