import { described, fallback } from '@parcours/protocol/openapi';
import { LogError } from '@parcours/store/log';
import type { Context, Hono } from 'hono';
import { answerError } from '../answer.ts';
import { CollectorError } from '../errors.ts';
import { logFault } from '../log_fault.ts';
import type { Incoming } from '../receive.ts';
import { type Language, languageOf } from '../rights/language.ts';
import { isFromOwnPage } from '../rights/own_page.ts';
import { confirmPage, failedPage, type PageState, rightsPage } from '../rights/page/page.ts';
import { PAGE_HEADERS } from '../rights/page/sheet.ts';
import { streamOf } from '../rights/stream.ts';
import type { Asker, Done, VisitorRights } from '../rights/visitor_rights.ts';
import { toResponse } from '../to_response.ts';
import { EVENTS } from './events.ts';
import { askOperation, exportOperation, showOperation } from './rights_operations.ts';

const besides = (endpoint: string): string => endpoint.replace(/[^/]*$/, 'rights');

export interface RightsRoutesParts {
  readonly endpoints: readonly string[];
  readonly rights: VisitorRights;
  readonly incoming: (context: Context) => Incoming;
}

/**
 * `/v1/rights/<site>`: the page on which a visitor stops, sees and erases what is measured, without a script. Its forms go to
 * `/v1/rights`, whose folder is the cookie's: only an answer from there removes it. Both lie beside each address where events
 * are received (`/shop/rights` beside `/shop/in`).
 */
export function rightsRoutes(app: Hono, parts: RightsRoutesParts): void {
  for (const place of new Set(parts.endpoints.map(besides))) {
    const suffix = place === besides(EVENTS) ? '' : 'AtOwnPath';
    app.get(
      `${place}/:site`,
      described(showOperation(`showRights${suffix}`), (context: Context) => show(context, parts)),
    );
    app.post(
      place,
      described(askOperation(`askRights${suffix}`), (context: Context) => ask(context, parts)),
    );
    app.post(
      `${place}/export`,
      described(exportOperation(`exportRights${suffix}`), (context: Context) => take(context, parts)),
    );
    for (const [path, allow] of [
      [`${place}/:site`, 'GET, HEAD'],
      [place, 'POST'],
    ] as const) {
      app.all(
        path,
        fallback(() => toResponse(answerError(new CollectorError('method_not_allowed'), { allow }))),
      );
    }
  }
}

async function show(context: Context, { rights, incoming }: RightsRoutesParts): Promise<Response> {
  const { header, address } = incoming(context);
  const language = languageOf(context.req.query('lang'), header('accept-language'));
  return told(language, async () => {
    const asker = rights.asker(context.req.param('site') ?? '', header, address);
    const state = stateOf(asker, { language, rights, links: { page: asker.site.id, form: '../rights' } });
    const isAsked = context.req.query('ask') === 'erase' && asker.visitor && rights.offers.erase;
    return page(isAsked ? confirmPage(state) : rightsPage(state));
  });
}

const ask = (context: Context, { rights, incoming }: RightsRoutesParts): Promise<Response> =>
  onForm(context, { rights, incoming }, async (asker, form, language) => {
    const { id } = asker.site;
    const links = { page: `rights/${id}`, form: 'rights' };
    const here = (done: PageState['done'], hasObjected: boolean): string =>
      rightsPage({ ...stateOf({ ...asker, visitor: undefined, hasObjected }, { language, rights, links }), done });
    switch (form.get('do')) {
      case 'stop':
        return page(here({ what: asker.visitor ? 'stopped' : 'objected' }, true), await rights.stop(asker));
      case 'erase': {
        // Stopping again does no harm, should the second half fail.
        const stopped = form.get('stop') === 'yes' ? await rights.stop(asker) : undefined;
        const { cookies, logGoneBy } = await rights.erase(asker.site, asker.visitor ? [asker.visitor.id] : []);
        const done = asker.visitor ? { what: 'erased' as const, logGoneBy } : { what: 'nobody' as const };
        return page(here(done, stopped !== undefined || asker.hasObjected), {
          cookies: [...(stopped?.cookies ?? []), ...(asker.visitor ? cookies : [])],
        });
      }
      default:
        throw new CollectorError('not_found');
    }
  });

const take = (context: Context, { rights, incoming }: RightsRoutesParts): Promise<Response> =>
  onForm(context, { rights, incoming }, async (asker) =>
    download(await rights.export(asker, context.req.raw.signal), asker.site.id),
  );

/** Reads a form of the page, and of no other. */
function onForm(
  context: Context,
  { rights, incoming }: Pick<RightsRoutesParts, 'rights' | 'incoming'>,
  handle: (asker: Asker, form: URLSearchParams, language: Language) => Promise<Response>,
): Promise<Response> {
  const { header, address, body } = incoming(context);
  // Until the form is read.
  let language = languageOf(undefined, header('accept-language'));
  return told(
    () => language,
    async () => {
      if (!isFromOwnPage(header, header('host') ?? new URL(context.req.url).host))
        throw new CollectorError('origin_not_allowed');
      const form = new URLSearchParams(new TextDecoder().decode(await body()));
      language = languageOf(form.get('lang'), header('accept-language'));
      return handle(rights.asker(form.get('site') ?? '', header, address), form, language);
    },
  );
}

/** An answer, or the page that says why there is none. */
async function told(language: Language | (() => Language), answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    const known = error instanceof LogError ? logFault(error) : error;
    if (!(known instanceof CollectorError)) throw error;
    const { status, headers } = answerError(known);
    const { 'content-type': _, ...rest } = headers;
    const body = failedPage({ language: typeof language === 'string' ? language : language() }, known.code);
    return toResponse({ status, headers: { ...rest, ...PAGE_HEADERS }, body });
  }
}

const page = (body: string, { cookies = [] }: Partial<Done> = {}): Response =>
  toResponse({ status: 200, headers: PAGE_HEADERS, body, cookies });

function download(pieces: AsyncIterable<Uint8Array>, site: string): Response {
  const name = `${site}-${new Date().toISOString().slice(0, 10)}.json`;
  return new Response(streamOf(pieces), {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}

const stateOf = (
  { site, visitor, hasObjected }: Asker,
  { language, rights, links }: { language: Language; rights: VisitorRights; links: PageState['links'] },
): PageState => ({
  ...{ site: site.id, language, links, hasObjected },
  since: visitor?.issuedAt,
  offers: rights.offers,
});
