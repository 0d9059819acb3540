import { aBatch, anEvent, PHONE } from '../support/batch.ts';
import { SHOP } from './ask_rights.ts';

/** A text, and where it is sent. */
export interface AskedEverything {
  /** Origin of a listener. */
  readonly origin: string;
  /** Goes into every parameter, header and field. */
  readonly text: string;
  /** Of an operator; none: as nobody. */
  readonly bearer?: string;
}

interface Operation {
  readonly parameters?: readonly { readonly in: 'path' | 'query' | 'header' | 'cookie'; readonly name: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
}

/** A body that goes on and on has shown by then what it does with a text. */
const LONG_ENOUGH_MS = 1_000;

/**
 * Asks every operation that a listener describes, with one text in each part of its address, in each header and in each body that
 * it may take.
 *
 * @returns answers by operation and status, such as `post /v1/validate 400`
 */
export async function askEverything({ origin, text, bearer }: AskedEverything): Promise<ReadonlySet<string>> {
  const { paths } = (await (await fetch(`${origin}/openapi.json`)).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  const answers = new Set<string>();
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      for (const [type, body] of bodiesOf(operation, text)) {
        const ended = new AbortController();
        const response = await fetch(origin + addressOf(path, operation, text), {
          method: method.toUpperCase(),
          headers: { ...headersOf(operation, text), ...type, ...(bearer && { authorization: `Bearer ${bearer}` }) },
          redirect: 'manual',
          signal: ended.signal,
          ...(body !== undefined && { body }),
        });
        answers.add(`${method} ${path} ${response.status}`);
        const ending = setTimeout(() => ended.abort(), LONG_ENOUGH_MS);
        await response.text().catch((error: Error) => {
          if (error.name !== 'AbortError') throw error;
        });
        clearTimeout(ending);
      }
    }
  }
  return answers;
}

function addressOf(path: string, { parameters = [] }: Operation, text: string): string {
  const query = new URLSearchParams({ [text]: text });
  for (const { in: place, name } of parameters) if (place === 'query') query.set(name, text);
  return `${path.replaceAll(/\{\w+\}/g, encodeURIComponent(text))}?${query}`;
}

/** What must be true, or nobody looks any further. */
const KNOWN = { 'sec-fetch-site': 'same-origin', 'content-encoding': 'identity' };

function headersOf({ parameters = [] }: Operation, text: string): Readonly<Record<string, string>> {
  const typed = text.replace(/[^ -~]/g, '');
  const named = (place: string): readonly string[] =>
    parameters.filter((each) => each.in === place).map(({ name }) => name);
  return {
    ...Object.fromEntries(named('header').map((name) => [name, name === 'origin' ? SHOP : typed])),
    ...KNOWN,
    // One that is kept may be closed just as it is used again, on a machine that is busy.
    connection: 'close',
    'user-agent': `${PHONE} ${typed}`,
    'x-request-id': typed,
    referer: `${SHOP}/${encodeURIComponent(text)}`,
    cookie: named('cookie')
      .map((name) => `${name}=${encodeURIComponent(text)}`)
      .join('; '),
  };
}

type Body = readonly [headers: Readonly<Record<string, string>>, body: string | undefined];

/** Each kind of body with the headers that say so. */
function bodiesOf({ requestBody }: Operation, text: string): readonly Body[] {
  if (!requestBody) return [[{}, undefined]];
  const fields = ['site', 'key', 'sql', 'table', 'format', 'secret', 'do', 'ask', 'visitor_id', text];
  const asked = Object.fromEntries(fields.map((field) => [field, text]));
  const event = anEvent({ page: { url: `${SHOP}/${encodeURIComponent(text)}`, title: text } });
  const values = [
    asked,
    aBatch([event, { ...event, type: text }]),
    { sql: `SELECT '${text}' AS asked` },
    { by: 'customer_id', value: text },
    { by: 'customer_id', value: text, evenIfUnknown: true },
  ];
  const texts = [...values.map((value) => JSON.stringify(value)), `{"${text}`];
  return Object.keys(requestBody.content).flatMap((type) => {
    const headers = { 'content-type': type };
    if (type.endsWith('urlencoded')) return [[headers, `${new URLSearchParams(asked)}`]];
    return texts.map((body): Body => [headers, body]);
  });
}
