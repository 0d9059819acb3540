import { pathOf } from '@parcours/protocol/schema';
import { LogError } from '@parcours/store/log';
import type { z } from 'zod';
import type { Access } from '../access.ts';
import { type Answer, answerJson } from '../answer.ts';
import { checkBodyHeaders, decodeBody } from '../body.ts';
import type { Erased } from '../consent/erased.ts';
import type { ReceiptIds } from '../consent/receipt_ids.ts';
import { CollectorError } from '../errors.ts';
import { logFault } from '../log_fault.ts';
import type { PageRight, Site } from '../options.ts';
import type { Incoming } from '../receive.ts';
import { type eraseReply, ownRequest } from './own_schema.ts';
import type { VisitorRights } from './visitor_rights.ts';

/** An answer in pieces, the first of which is to come. */
export interface Streamed extends Omit<Answer, 'body'> {
  readonly pieces: AsyncIterable<Uint8Array>;
}

/**
 * What a page of the shop may ask for the visitor who looks at it. Who that is, the signed cookie proves, or a receipt that was
 * issued to the visitor: so it is this browser, never a customer. Any script of the page can ask, also one that somebody put
 * there, and nothing tells it from the visitor: so a site's settings name what may be asked, and by default that is nothing.
 */
export interface OwnData {
  /** `POST /v1/export-mine`. */
  export(request: Incoming, signal: AbortSignal): Promise<Answer | Streamed>;
  /** `POST /v1/erase-mine`. Repeated, as after an answer that was lost, it records nothing twice and answers the same. */
  erase(request: Incoming): Promise<Answer>;
}

export interface OwnDataParts {
  readonly access: Pick<Access, 'enter' | 'admit'>;
  readonly rights: VisitorRights;
  readonly receipts: Pick<ReceiptIds, 'isOf'>;
  readonly erased: Erased;
  /** Answers with the headers for the page's origin, also where it fails. */
  readonly settle: <A>(
    request: Incoming,
    handle: (headers: Readonly<Record<string, string>>) => Promise<A>,
  ) => Promise<A | Answer>;
}

/** Who is proven to ask: the visitor of the cookie first. None where all of them were erased before. */
interface Proven {
  readonly site: Site;
  readonly ids: readonly string[];
}

/** 16 bytes in base64url. */
const RECEIPT = /^[\w-]{22}$/;

export function createOwnData({ access, rights, receipts, erased, settle }: OwnDataParts): OwnData {
  const prove = async (right: PageRight, { header, address, body }: Incoming): Promise<Proven> => {
    checkBodyHeaders(header);
    const server = access.enter(header, address);
    const { json } = await decodeBody(await body(), header('content-encoding'));
    const { stamp, visitor_id, ...named } = readBody(json);
    const origin = header('origin');
    // A server has no visitor, and a form of another site's page tells no origin of ours.
    if (origin === undefined) throw new CollectorError('origin_not_allowed');
    const site = access.admit(named, { origin, server });
    if (!site.rightsFromPages.includes(right)) throw new CollectorError('not_for_pages', notForPages(site.id, right));
    const { known } = rights.asker(site.id, header, address);
    const holdsReceipt =
      stamp?.receipt && RECEIPT.test(stamp.receipt) && receipts.isOf(stamp, site.id, visitor_id ?? '');
    const ids = new Set([known?.id, holdsReceipt ? visitor_id : undefined].filter((id) => id !== undefined));
    if (ids.size === 0)
      throw new CollectorError('not_proven', stamp?.receipt && 'the receipt is not of this choice, visitor and site');
    return { site, ids: [...ids].filter((id) => !erased.on(site.id)?.visitor(id)) };
  };

  return {
    export: (request, signal) =>
      settle<Answer | Streamed>(request, async (headers) => {
        const { site, ids } = await prove('export', request);
        const [id] = ids;
        if (id === undefined) throw new CollectorError('not_proven', 'the visitor was erased: nothing is held');
        const pieces = await rights.export({ site, visitor: { id } }, signal);
        const { body: _, ...head } = answerJson(200, '', headers);
        return { ...head, pieces };
      }),
    erase: (request) =>
      settle(request, async (headers) => {
        const { site, ids } = await prove('erase', request);
        try {
          const { cookies, logGoneBy } = await rights.erase(site, ids);
          const reply: z.output<typeof eraseReply> = { log_gone_by: logGoneBy };
          return { ...answerJson(200, JSON.stringify(reply), headers), cookies };
        } catch (error) {
          throw error instanceof LogError ? logFault(error) : error;
        }
      }),
  };
}

const notForPages = (site: string, right: PageRight): string =>
  `pages of this site may not ask to ${right}: name "${right}" in its setting rightsFromPages, or link to the visitor's own page, /v1/rights/${site}`;

function readBody(json: unknown): z.output<typeof ownRequest> {
  const { data, error } = ownRequest.safeParse(json);
  if (data) return data;
  const issue = error.issues[0];
  throw new CollectorError('bad_batch', `${pathOf(issue?.path ?? []) || 'the body'}: ${issue?.message}`);
}
