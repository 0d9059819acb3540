import type { JsonSchema } from './components.ts';

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
  readonly responses: Readonly<Record<string, ResponseObject | Reference>>;
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

export interface Reference {
  readonly $ref: string;
}

export interface ResponseObject {
  readonly description: string;
  readonly headers?: Readonly<Record<string, HeaderObject | Reference>>;
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
    readonly headers: Readonly<Record<string, HeaderObject>>;
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>;
  };
  /** Answers to addresses and methods that are not described here, by status. */
  readonly 'x-elsewhere': Readonly<Record<string, ResponseObject | Reference>>;
}
