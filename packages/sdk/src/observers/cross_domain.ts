import { LINK_PARAMETER } from '@parcours/protocol';
import { captureUntil } from './capture.ts';
import { giveLink, takeLink } from './cross_domain_address.ts';
import { elementsOf } from './element_path.ts';
import type { Observer } from './observer.ts';

/** Which other hosts are the shop's. */
export interface CrossDomainOptions {
  /** Hosts of the shop, with all below them; the same list on each of them: `['shop.fr', 'shop.com']`. */
  readonly hosts: readonly string[];
  /** Site id. Needed only where several sites have pages on one origin and the visitor cookie does not reach the collector. */
  readonly site?: string | undefined;
}

/** What `POST /v1/link` answers, beside the empty answer. */
interface Reply {
  readonly token: string;
  /** Seconds. */
  readonly expires_in: number;
}

/** An element that leads to another host of the shop, and the attribute that says where. */
interface WayOut {
  readonly element: Element;
  readonly attribute: 'href' | 'action' | 'formaction';
  readonly url: URL;
}

/** Ms that a token is good for once more: the second of a double click is the one that navigates. */
const AGAIN_MS = 1_000;

/** Ms until the next try where a token was not to be had. */
const PAUSE_MS = 5_000;

/** The author of such a link wants the other side to hear nothing. */
const isSilent = (link: Element): boolean =>
  /\bnoreferrer\b/i.test(link.getAttribute('rel') ?? '') || link.getAttribute('referrerpolicy') === 'no-referrer';

/**
 * One visitor on several domains of a shop. Under a grant, a link or form to a listed host carries a token of two minutes
 * (`pc_link`) that the collector made and it alone can read. The page that it leads to takes it out of its address at once and
 * tells it as `cross_domain`, under the grant given there: held until then, gone with a refusal.
 *
 * The token is asked for when a pointer, a finger or the focus comes near such a link; a click waits for nothing, and goes
 * without where it was not there in time. It stands in the page only while the browser reads where the click leads: a link
 * that is copied or dragged does not have it. Left alone: links marked `noreferrer` or `data-pc-ignore`, `window.open`, and
 * pages that script goes to.
 *
 * An arrival is told only where the page before was on a listed host: else a link in a message could make its reader somebody
 * else. So pages with `Referrer-Policy: no-referrer` link to nowhere.
 */
export const createCrossDomain = ({ hosts, site }: CrossDomainOptions): Observer => {
  if (!Array.isArray(hosts) || !hosts.every((host) => /^[a-z\d.-]+$/.test(`${host}`)))
    throw new TypeError('[parcours] option "hosts" must be an array of hosts such as shop.example');

  return ({ track, visitorId, endpoint, scope, signal }) => {
    const { document, location, history } = scope;
    if (!document || !location) return;
    const listen = captureUntil(signal);
    let token = '';
    let tokenOf: string | undefined;
    let goodUntil = 0;
    let askAt = 0;

    const isListed = (host: string): boolean => hosts.some((own) => `.${host}`.endsWith(`.${own}`));

    const isOut = ({ protocol, hostname }: Pick<URL, 'protocol' | 'hostname'>): boolean =>
      protocol === location.protocol && hostname !== location.hostname && isListed(hostname);

    const wayOut = (element: Element | null | undefined, attribute: WayOut['attribute']): WayOut | undefined => {
      if (!element || isSilent(element)) return undefined;
      const url = new URL(element.getAttribute(attribute) ?? '', document.baseURI);
      return isOut(url) ? { element, attribute, url } : undefined;
    };

    const ask = async (): Promise<void> => {
      const visitor_id = visitorId();
      if (!visitor_id) return;
      const now = Date.now();
      askAt = now + PAUSE_MS;
      try {
        const response = await scope.fetch(new URL('link', endpoint).href, {
          method: 'POST',
          // A text body goes as text/plain, which needs no preflight.
          body: JSON.stringify({ visitor_id, site }),
          credentials: 'include',
          referrerPolicy: 'strict-origin',
          signal,
        });
        if (response.status !== 200) return;
        const reply = (await response.json()) as Reply;
        const life = reply.expires_in * 1_000;
        token = reply.token;
        tokenOf = visitor_id;
        askAt = now + life / 2;
        // The rest is for the way and for the page to load.
        goodUntil = now + (life * 3) / 4;
      } catch {
        // Links go as they are.
      }
    };

    /**
     * The token, for one way out: the collector takes it once. Who it was made for must be who visits now: a reset or a
     * withdrawal ends it.
     */
    const spend = (): string | undefined => {
      const now = Date.now();
      if (now >= goodUntil || visitorId() !== tokenOf) return undefined;
      goodUntil = Math.min(goodUntil, now + AGAIN_MS);
      askAt = 0;
      return token;
    };

    const near = (event: Event): void => {
      if (Date.now() < askAt) return;
      const elements = elementsOf(event);
      const link = elements.find((element) => element.matches('a[href],area[href]'));
      const form = elements.find((element) => element.matches('form[action]'));
      const button = elements.find((element) => element.matches('[formaction]'));
      if (wayOut(link, 'href') || wayOut(form, 'action') || wayOut(button, 'formaction')) void ask();
    };

    /** A finger gives no notice: so also where it leaves the screen while such a link is on it, or will be next. */
    const touched = (): void => {
      if (Date.now() < askAt) return;
      const reach = 2 * document.defaultView!.innerHeight;
      for (const link of document.links) {
        if (!isOut(link)) continue;
        const { top, bottom } = link.getBoundingClientRect();
        if (bottom > 0 && top < reach) return void ask();
      }
    };

    /** Puts the token in for as long as the browser takes to read where it goes: the rest of this task. */
    const lend = ({ element, attribute, url }: WayOut, given: string): void => {
      const before = element.getAttribute(attribute)!;
      const lent = giveLink(url.href, given);
      if (before === lent) return;
      element.setAttribute(attribute, lent);
      setTimeout(() => {
        if (element.getAttribute(attribute) === lent) element.setAttribute(attribute, before);
      });
    };

    const clicked = (event: MouseEvent): void => {
      // `auxclick` is any button but the first: the middle one opens links, the others open nothing.
      if (event.button > 1) return;
      const link = elementsOf(event).find((element) => element.matches('a[href],area[href]'));
      const out = wayOut(link, 'href');
      const given = out && spend();
      if (given) lend(out, given);
    };

    const submitted = (event: SubmitEvent): void => {
      const form = event.target as HTMLFormElement;
      const { submitter } = event;
      const out = submitter?.hasAttribute('formaction') ? wayOut(submitter, 'formaction') : wayOut(form, 'action');
      // Of a form that is to be ignored there are no elements.
      const given = out && !isSilent(form) && elementsOf(event)[0] && spend();
      if (!given) return;
      const method = submitter?.getAttribute('formmethod') ?? form.getAttribute('method') ?? '';
      if (/^post$/i.test(method)) {
        lend(out, given);
        return;
      }
      // The fields become the query, whatever stood there. Not where the page reads them to send them itself.
      const say = ({ formData }: FormDataEvent): void => {
        if (!event.defaultPrevented) formData.set(LINK_PARAMETER, given);
      };
      form.addEventListener('formdata', say);
      setTimeout(() => form.removeEventListener('formdata', say));
    };

    const [rest, arrived] = takeLink(location.href);
    if (arrived !== undefined && history) {
      // The browser's own, past all that listen in on the page's: nobody may take it for a navigation, for it is none.
      Object.getPrototypeOf(history).replaceState.call(history, history.state, '', rest);
      const from = (document.referrer.split('/')[2] ?? '').replace(/:\d+$/, '');
      if (arrived && isListed(from)) track('cross_domain', { token: arrived });
    }

    for (const type of ['pointerover', 'pointerdown', 'focusin']) listen(document, type, near);
    listen(document, 'touchend', touched);
    for (const type of ['click', 'auxclick']) listen(document, type, clicked);
    listen(document, 'submit', submitted);
  };
};
