import { Validator } from '@seriousme/openapi-schema-validator';
import type { Content, OpenApi, ResponseObject } from '../open_api.ts';
import { operationsOf, resolved } from '../read.ts';
import { createSchemaCheck } from './schemas.ts';

/**
 * Whatever is wrong with a document: against OpenAPI's own schema, references that lead nowhere, names that stand twice,
 * examples that are not as their schemas say, tags and security schemes that nobody declares.
 */
export async function documentFaults(document: OpenApi): Promise<string[]> {
  const faults: string[] = [];
  const { valid, errors } = await new Validator().validate(
    structuredClone(document) as unknown as Record<string, never>,
  );
  if (!valid) faults.push(`not OpenAPI 3.1: ${JSON.stringify(errors)}`);
  for (const ref of referencesIn(document)) {
    try {
      resolved(document, { $ref: ref });
    } catch (error) {
      faults.push((error as Error).message);
    }
  }
  // Nothing further can be read in such a document.
  if (faults.length > 0) return faults;
  const check = createSchemaCheck(document);
  const examine = (content: Content | undefined, where: string): void => {
    for (const [type, { schema, examples = {} }] of Object.entries(content ?? {})) {
      for (const [name, { value }] of Object.entries(examples)) {
        if (!schema) faults.push(`${where}: the example ${name} has no schema`);
        else for (const fault of check(schema, value)) faults.push(`${where} ${type}: the example ${name}: ${fault}`);
      }
    }
  };
  const ids = new Set<string>();
  for (const { operation, method, path } of operationsOf(document)) {
    const where = `${method} ${path}`;
    if (ids.has(operation.operationId)) faults.push(`${where}: ${operation.operationId} stands twice`);
    ids.add(operation.operationId);
    for (const tag of operation.tags) {
      if (!document.tags.some(({ name }) => name === tag)) faults.push(`${where}: nobody declares the tag ${tag}`);
    }
    for (const scheme of operation.security.flatMap((each) => Object.keys(each))) {
      if (!(scheme in document.components.securitySchemes)) faults.push(`${where}: nobody declares ${scheme}`);
    }
    for (const { name, schema, example } of operation.parameters ?? []) {
      if (example === undefined) continue;
      for (const fault of check(schema, example)) faults.push(`${where}: the example of ${name}: ${fault}`);
    }
    examine(operation.requestBody?.content, `${where} request`);
    for (const [status, answer] of Object.entries(operation.responses)) {
      examine(resolved<ResponseObject>(document, answer).content, `${where} ${status}`);
    }
  }
  return faults;
}

function referencesIn(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(referencesIn);
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : referencesIn(value),
  );
}
