import { z } from 'zod';
import { COLUMNS, type Filter, isField } from './filter.ts';

/** A query string that cannot be used: its message is one line that names the parameter and the rule. */
export class QueryError extends Error {
  override name = 'QueryError';
}

const whole = (low: number, high: number) =>
  z
    .stringFormat('whole', /^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().min(low).max(high));

/** Parameters of `/micro/events` that are no field of an event. */
const paging = {
  limit: { schema: whole(1, 1_000), rule: 'a whole number from 1 to 1000' },
  after: { schema: whole(0, 1e15), rule: 'the `n` of an event' },
  order: { schema: z.enum(['oldest', 'newest']), rule: 'oldest or newest' },
} as const;

/** Parameters of `/micro/wait` that are no field of an event. */
const waiting = {
  count: { schema: whole(1, 100_000), rule: 'a whole number from 1 to 100000' },
  timeout: { schema: whole(0, 60_000), rule: 'milliseconds, a whole number from 0 to 60000' },
} as const;

type Parameters = Readonly<Record<string, { readonly schema: z.ZodType; readonly rule: string }>>;
type Values<P extends Parameters> = { readonly [Name in keyof P]?: z.output<P[Name]['schema']> };

/** @throws QueryError */
export const readEventsQuery = (query: URLSearchParams) => read(query, paging);

/** @throws QueryError */
export const readWaitQuery = (query: URLSearchParams) => read(query, waiting);

function read<P extends Parameters>(query: URLSearchParams, known: P): { filter: Filter; values: Values<P> } {
  const filter: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  for (const [name, text] of query) {
    const parameter = known[name];
    if (parameter) {
      const parsed = parameter.schema.safeParse(text);
      if (!parsed.success) throw new QueryError(`${name}: must be ${parameter.rule} (it is "${text.slice(0, 100)}")`);
      values[name] = parsed.data;
    } else if (isField(name)) filter[name] = text;
    else throw new QueryError(unknown(name, Object.keys(known)));
  }
  return { filter, values: values as Values<P> };
}

const unknown = (name: string, parameters: readonly string[]): string =>
  `"${name.slice(0, 100)}" is no field to ask for; these are: ${COLUMNS.join(', ')}, props.<name>, keys.<name>; and ${parameters.join(', ')}`;
