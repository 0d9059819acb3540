import { CollectorError } from './errors.ts';

/** An HTTP answer before it is one: what every way in (Hono, bare Node) turns into its own kind of response. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `Set-Cookie` values: the one header of which there may be several. */
  readonly cookies?: readonly string[];
  /** What is behind a 500: for the log, never for the answer. */
  readonly fault?: unknown;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** Nothing that the collector says about a batch may rest in a cache. */
export const answerJson = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { 'content-type': JSON_TYPE, 'cache-control': 'no-store', ...headers },
  body,
});

/** An error as `{ error: { code, message } }`. What is not ours says nothing of its insides. */
export function answerError(error: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  const known = error instanceof CollectorError ? error : new CollectorError('internal', undefined, { cause: error });
  const { retryAfter } = known.options;
  const answer = answerJson(known.status, JSON.stringify({ error: { code: known.code, message: known.message } }), {
    ...headers,
    'x-error-code': known.code,
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    // The rest of a refused body is not read, so the connection cannot serve another request.
    ...(known.status === 413 && { connection: 'close' }),
  });
  return known === error ? answer : { ...answer, fault: error };
}
