import type { JsonSchema } from './components.ts';
import type { Value } from './operation.ts';

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
  /** Statuses there that are told as a page to whoever asks for one, each with what it says. */
  readonly pagesElsewhere?: Readonly<Record<number, string>>;
  /** Headers of every answer. */
  readonly headers?: Readonly<Record<string, Value>>;
  /** Headers of an error, by its status. */
  readonly errorHeaders?: (status: number) => Readonly<Record<string, Value>>;
  readonly securitySchemes?: Readonly<Record<string, JsonSchema>>;
  /** Schemes of a route that names roles. */
  readonly securityOfRoles?: readonly string[];
}
