import type { Operation, Value } from '@parcours/protocol/openapi';
import { z } from 'zod';
import { LANGUAGES } from '../rights/language.ts';
import { PAGE_HEADERS } from '../rights/page/sheet.ts';

/** What the routes of the rights page say of themselves. */

const headersOf = (names: readonly (keyof typeof PAGE_HEADERS)[]): Record<string, Value> =>
  Object.fromEntries(
    names.map((name) => [name, { description: SAID[name], schema: z.literal(PAGE_HEADERS[name]), required: true }]),
  );

const SAID = {
  'content-type': 'A page.',
  'cache-control': 'Nothing of it may rest in a cache.',
  'content-security-policy': 'It loads nothing, runs nothing, stands in no frame and sends its forms here alone.',
  'referrer-policy': 'Its address is told to no other site.',
  'x-content-type-options': 'It is what its content type says.',
} as const;

const PAGE: Record<string, Value> = headersOf([
  'cache-control',
  'content-security-policy',
  'referrer-policy',
  'x-content-type-options',
]);

const refused = (description: string, more: Record<string, Value> = {}) => ({
  description,
  type: 'text/html',
  headers: {
    ...PAGE,
    'x-error-code': { description: 'The code of the error, for logs of proxies.', required: true },
    ...more,
  },
});
const LATER = {
  'retry-after': { description: 'Seconds after which another try is welcome.', required: true },
} satisfies Record<string, Value>;

const COOKIES: Record<string, Value> = {
  pc_shop: {
    description: 'The visitor, as an answer to events set it; named after the site. Nothing else is believed.',
  },
  pc_objection_shop: { description: 'That the visitor objects to being measured without consent.' },
};
const LIMITED = refused('`rate_limited`: too many requests of this address.', LATER);

const FORM_ERRORS = {
  401: refused('`origin_not_allowed`: not sent by that page.'),
  404: refused('`unknown_site`: no such site; `not_found`: no such form.'),
  413: refused('`body_too_large`: the body is over the limit.', {
    connection: { description: 'The rest of the body is not read: the connection ends.' },
  }),
  429: LIMITED,
} as const;

const FORM_TYPES = ['application/x-www-form-urlencoded'] as const satisfies NonNullable<Operation['body']>['types'];
const FORM_HEADERS: Record<string, Value> = {
  origin: { description: 'Set by browsers.' },
  'sec-fetch-site': { description: 'Set by browsers: must be `same-origin`.' },
};

export const showOperation = (id: string): Operation => ({
  id,
  tag: 'rights',
  summary: "The page for a visitor's rights, without a script",
  description:
    'Says whether this browser is known, and offers by plain forms to stop all measurement, to download what is held and to erase it.',
  inPath: { site: { description: 'Id of the site.', example: 'shop' } },
  inQuery: {
    lang: {
      description: 'Language of the page. Default: the first of these that the browser asks for, else English.',
      schema: z.enum(LANGUAGES),
    },
    ask: { description: 'Asks for a confirmation before anything is erased.', schema: z.literal('erase') },
  },
  inHeaders: { 'accept-language': { description: 'Languages that the browser asks for.' } },
  inCookies: COOKIES,
  answers: {
    200: { description: 'The page.', type: 'text/html', headers: PAGE },
    404: refused('`unknown_site`: no such site.'),
    429: LIMITED,
  },
});

export const askOperation = (id: string): Operation => ({
  id,
  tag: 'rights',
  summary: 'Does what a form of that page asks for',
  description:
    'Taken from that page alone, by `Sec-Fetch-Site` or `Origin`. The visitor is whoever the signed cookie names, and covers what is recorded under that id: never a customer, a card or another device.\n\n`stop` withdraws all consent as a batch does, removes the cookie and sets the mark of an objection. `erase` refuses from now on what arrives under the id and takes what is recorded out of the tables; with `stop=yes` it does both.',
  inHeaders: FORM_HEADERS,
  inCookies: COOKIES,
  body: {
    types: FORM_TYPES,
    schema: z.object({
      site: z.string().describe('Id of the site.'),
      do: z.enum(['stop', 'erase']),
      stop: z.literal('yes').optional().describe('With `erase`: stops all measurement, too.'),
      lang: z.enum(LANGUAGES).optional(),
    }),
    examples: { stop: { site: 'shop', do: 'stop', lang: 'fr' } },
  },
  answers: {
    200: {
      description: 'The page, saying what was done.',
      type: 'text/html',
      headers: {
        ...PAGE,
        'set-cookie': { description: 'Removes the visitor cookie; sets `pc_objection_<site>`.' },
      },
    },
    ...FORM_ERRORS,
    503: refused('`store_unavailable`, `overloaded`: it cannot be written down and is not done.', LATER),
  },
});

export const exportOperation = (id: string): Operation => ({
  id,
  tag: 'rights',
  summary: 'A download of what is recorded under the id of the browser that asks',
  description: 'Taken from that page alone. A browser that is not known gets a document without rows.',
  inHeaders: FORM_HEADERS,
  inCookies: COOKIES,
  body: {
    types: FORM_TYPES,
    schema: z.object({ site: z.string().describe('Id of the site.'), lang: z.enum(LANGUAGES).optional() }),
    examples: { 'a site': { site: 'shop', lang: 'fr' } },
  },
  answers: {
    200: {
      description: 'The file.',
      type: 'application/json',
      headers: {
        'cache-control': PAGE['cache-control'] as Value,
        'content-disposition': { description: 'The name of the file.', required: true },
        'x-content-type-options': PAGE['x-content-type-options'] as Value,
      },
    },
    ...FORM_ERRORS,
    503: refused('`tables_unavailable`: the tables cannot be asked now.', LATER),
  },
});
