import { answerObject, bothAnswers, errorAnswers, errorObjects, examplesOf, valueObject } from './answers.ts';
import type { AppDescription, Router } from './app_description.ts';
import { type Components, createComponents } from './components.ts';
import type { OpenApi, OperationObject, ParameterObject, PathItem, Reference, ResponseObject } from './open_api.ts';
import { isFallback, type Operation, operationOf, type Value } from './operation.ts';

/**
 * The OpenAPI 3.1 document of an app, read from its own routes: what is not mounted cannot be described, and what is mounted
 * without a description is an error.
 *
 * @throws Error naming the routes that describe nothing, or what does not agree
 */
export function openApiOf(app: Router, about: AppDescription): OpenApi {
  const components = createComponents();
  const paths: Record<string, PathItem> = {};
  const placeOfId = new Map<string, string>();
  const silent: string[] = [];
  for (const { method, path, handler } of app.routes) {
    const operation = operationOf(handler);
    if (!operation) {
      // Middleware takes `next`: Hono tells the two apart in the same way (hono/dev).
      if (handler.length < 2 && !isFallback(handler)) silent.push(`${method} ${path}`);
      continue;
    }
    const at = operation.path ?? templateOf(path);
    const place = `${method} ${at}`;
    const before = placeOfId.get(operation.id);
    // Several routes may be one to the reader; one name must not be two operations.
    if (before === place && operation.path !== undefined) continue;
    if (before !== undefined) throw new Error(`openapi: ${operation.id} is both ${before} and ${place}`);
    placeOfId.set(operation.id, place);
    if (!(operation.tag in about.tags))
      throw new Error(`openapi: ${operation.id} has the unknown tag ${operation.tag}`);
    paths[at] ??= {};
    paths[at][method.toLowerCase()] = operationObject(operation, at, about, components);
  }
  if (silent.length > 0) throw new Error(`openapi: routes without description: ${silent.join(', ')}`);
  const elsewhere: Record<string, ResponseObject | Reference> = errorAnswers(about.elsewhere ?? [], about, components);
  for (const [status, description] of Object.entries(about.pagesElsewhere ?? {})) {
    const error = errorObjects(about.elsewhere ?? [], about, components)[status];
    const page = answerObject({ description, type: 'text/html' }, about, components);
    elsewhere[status] = error ? bothAnswers(page, error, `openapi: ${status} elsewhere is told twice`) : page;
  }
  return {
    openapi: '3.1.1',
    info: { title: about.title, version: about.version, description: about.description },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: '/', description: 'Where this document is served.' }],
    tags: Object.entries(about.tags).map(([name, description]) => ({ name, description })),
    paths,
    components: { ...components.parts(), securitySchemes: about.securitySchemes ?? {} },
    'x-elsewhere': elsewhere,
  };
}

/** `/days/:day{[0-9-]+}` as `/days/{day}`. */
const templateOf = (path: string): string => path.replace(/:(\w+)(\{[^/]*\})?\??/g, '{$1}');

function operationObject(
  operation: Operation,
  at: string,
  about: AppDescription,
  components: Components,
): OperationObject {
  const { id, roles, body, answers } = operation;
  const schemes = operation.security ?? (roles ? (about.securityOfRoles ?? []) : []);
  const codes = [
    ...(about.everywhere ?? []),
    ...(roles ? (operation.refused ?? about.refused ?? []) : []),
    ...(operation.errors ?? []),
  ];
  const responses: Record<string, ResponseObject | Reference> = {};
  for (const [status, answer] of Object.entries(errorAnswers(codes, about, components))) responses[status] = answer;
  for (const [status, told] of Object.entries(answers)) {
    const answer = answerObject(told, about, components);
    const error = errorObjects(codes, about, components)[status];
    responses[status] = error ? bothAnswers(answer, error, `openapi: ${id} tells its answer ${status} twice`) : answer;
  }
  const parameters = [
    ...parametersOf('path', operation.inPath, components),
    ...parametersOf('query', operation.inQuery, components),
    ...parametersOf('header', operation.inHeaders, components),
    ...parametersOf('cookie', operation.inCookies, components),
  ];
  const named = (at.match(/\{\w+\}/g) ?? []).map((name) => name.slice(1, -1)).sort();
  const told = Object.keys(operation.inPath ?? {}).sort();
  if (named.join() !== told.join()) throw new Error(`openapi: ${id} describes [${told}] of the path ${at}`);
  return {
    operationId: id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description && { description: operation.description }),
    security: schemes.map((scheme) => (scheme === 'none' ? {} : { [scheme]: [] })),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        ...(body.description && { description: body.description }),
        required: true as const,
        content: Object.fromEntries(
          (body.types ?? ['application/json']).map((type) => [
            type,
            { schema: components.schema(body.schema, 'input'), ...examplesOf(body.examples) },
          ]),
        ),
      },
    }),
    responses,
    ...(roles && { 'x-roles': roles }),
  };
}

function parametersOf(
  place: string,
  values: Readonly<Record<string, Value>> = {},
  components: Components,
): ParameterObject[] {
  return Object.entries(values).map(([name, value]) => ({
    name,
    in: place,
    ...valueObject(value, components, 'input'),
    required: value.required ?? place === 'path',
  }));
}
