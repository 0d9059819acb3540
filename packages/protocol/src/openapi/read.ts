import type { OpenApi, OperationObject } from './open_api.ts';

/** Every operation with its place. */
export const operationsOf = (
  document: OpenApi,
): { readonly method: string; readonly path: string; readonly operation: OperationObject }[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

/** The part that a reference names; anything else is itself. */
export function resolved<T extends object>(document: OpenApi, part: T | { readonly $ref: string }): T {
  if (!('$ref' in part) || typeof part.$ref !== 'string') return part as T;
  let found: unknown = document;
  for (const step of part.$ref.replace(/^#\//, '').split('/')) found = (found as Record<string, unknown>)?.[step];
  if (found === undefined) throw new Error(`the document has no ${part.$ref}`);
  return found as T;
}
