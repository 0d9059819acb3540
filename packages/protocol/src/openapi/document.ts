import { z } from 'zod';
import { errorReply } from '../replies.ts';
import { type Components, createComponents, type JsonSchema } from './components.ts';
import { type AnswerDescription, isFallback, type Operation, operationOf, type Value } from './operation.ts';

/** What `openApiOf` needs of a Hono app. */
export interface Router {
  readonly routes: readonly {
    readonly method: string;
    readonly path: string;
    readonly handler: (...args: never[]) => unknown;
  }[];
}

/** What all routes of an app have in common. */
export interface AppDescription {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** What each tag gathers; the order is the reader's. */
  readonly tags: Readonly<Record<string, string>>;
  /** Error codes with their status and text. */
  readonly errors: Readonly<Record<string, { readonly status: number; readonly text: string }>>;
  /** Codes that every route may answer. */
  readonly everywhere?: readonly string[];
  /** Codes that every route for some roles may answer. */
  readonly refused?: readonly string[];
  /** Codes for addresses and methods that have no description. */
  readonly elsewhere?: readonly string[];
  /** Headers of every answer. */
  readonly headers?: Readonly<Record<string, Value>>;
  /** Headers of an error, by its status. */
  readonly errorHeaders?: (status: number) => Readonly<Record<string, Value>>;
  readonly securitySchemes?: Readonly<Record<string, JsonSchema>>;
  /** Schemes of a route that names roles. */
  readonly securityOfRoles?: readonly string[];
}

export interface PathItem {
  [method: string]: OperationObject;
}

export interface OperationObject {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly ParameterObject[];
  readonly requestBody?: { readonly description?: string; readonly required: true; readonly content: Content };
  readonly responses: Readonly<Record<string, ResponseObject>>;
  readonly 'x-roles'?: readonly string[];
}

export interface ParameterObject {
  readonly name: string;
  readonly in: string;
  readonly description: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

export interface ResponseObject {
  readonly description: string;
  readonly headers?: Readonly<Record<string, HeaderObject>>;
  readonly content?: Content;
}

export type HeaderObject = Omit<ParameterObject, 'name' | 'in'>;

export type Content = Readonly<
  Record<
    string,
    { readonly schema?: JsonSchema; readonly examples?: Readonly<Record<string, { readonly value: unknown }>> }
  >
>;

/** An OpenAPI 3.1 document, as far as ours go. */
export interface OpenApi {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly jsonSchemaDialect: string;
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly responses: Readonly<Record<string, ResponseObject>>;
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>;
  };
  /** Answers to addresses and methods that are not described here, by status. */
  readonly 'x-elsewhere': Readonly<Record<string, { readonly $ref: string }>>;
}

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
  const elsewhere = errorAnswers(about.elsewhere ?? [], about, components);
  return {
    openapi: '3.1.1',
    info: { title: about.title, version: about.version, description: about.description },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: '/', description: 'Where this document is served.' }],
    tags: Object.entries(about.tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: components.schemas(),
      responses: Object.fromEntries(Object.entries(elsewhere).map(([status, told]) => [`Elsewhere${status}`, told])),
      securitySchemes: about.securitySchemes ?? {},
    },
    'x-elsewhere': Object.fromEntries(
      Object.keys(elsewhere).map((status) => [status, { $ref: `#/components/responses/Elsewhere${status}` }]),
    ),
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
  const codes = [...(about.everywhere ?? []), ...(roles ? (about.refused ?? []) : []), ...(operation.errors ?? [])];
  const responses: Record<string, ResponseObject> = {};
  for (const [status, answer] of Object.entries(answers)) responses[status] = answerObject(answer, about, components);
  for (const [status, answer] of Object.entries(errorAnswers(codes, about, components))) {
    if (responses[status]) throw new Error(`openapi: ${id} tells its answer ${status} twice`);
    responses[status] = answer;
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

const valueObject = (value: Value, components: Components, io: 'input' | 'output'): HeaderObject => ({
  description: value.description,
  required: value.required ?? false,
  schema: components.schema(value.schema ?? z.string(), io),
  ...(value.example !== undefined && { example: value.example }),
});

function answerObject(answer: AnswerDescription, about: AppDescription, components: Components): ResponseObject {
  const { description, schema, examples } = answer;
  const type = answer.type ?? (schema || examples ? 'application/json' : undefined);
  const headers = Object.entries({ ...about.headers, ...answer.headers });
  return {
    description,
    ...(headers.length > 0 && {
      headers: Object.fromEntries(headers.map(([name, value]) => [name, valueObject(value, components, 'output')])),
    }),
    ...(type && {
      content: { [type]: { ...(schema && { schema: components.schema(schema, 'output') }), ...examplesOf(examples) } },
    }),
  };
}

const examplesOf = (examples?: Readonly<Record<string, unknown>>) =>
  examples && { examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])) };

/** The answers that a set of error codes makes, by status: the codes of one status share an answer. */
function errorAnswers(
  codes: readonly string[],
  about: AppDescription,
  components: Components,
): Record<string, ResponseObject> {
  const byStatus = new Map<number, string[]>();
  for (const code of new Set(codes)) {
    const known = about.errors[code];
    if (!known) throw new Error(`openapi: ${code} is no error code of this app`);
    byStatus.set(known.status, [...(byStatus.get(known.status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, these]) => {
      const text = (code: string): string => about.errors[code]?.text ?? '';
      const answer: AnswerDescription = {
        description: these.map((code) => `\`${code}\`: ${text(code)}.`).join('\n'),
        schema: errorReply(these as [string, ...string[]]),
        headers: about.errorHeaders?.(status) ?? {},
        examples: Object.fromEntries(these.map((code) => [code, { error: { code, message: text(code) } }])),
      };
      return [String(status), answerObject(answer, about, components)];
    }),
  );
}
