import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { click, observe } from '../testing/observe.ts';
import { createPage, pass } from '../testing/page.ts';
import { createCrossDomain } from './cross_domain.ts';

const VISITOR = '019aa1c0-0000-7000-8000-000000000001';

let visitor: string | undefined;
let asked: { readonly url: string; readonly init: RequestInit }[];
let answer: () => Promise<Response>;
let stop: () => void;
let seen: ReturnType<typeof observe>['seen'];
let tokens: number;

const reply = async (): Promise<Response> => Response.json({ token: `T${++tokens}`, expires_in: 120 });

/** Watches a page with these hosts; `referrer` is where its visitor came from. */
const open = (hosts: string[] = ['shop.com', 'shop.fr'], site?: string): void => {
  const fetch = async (url: unknown, init?: RequestInit): Promise<Response> => {
    asked.push({ url: String(url), init: init ?? {} });
    return answer();
  };
  const started = observe(
    createCrossDomain({ hosts, site }),
    createPage().scope({ fetch: fetch as typeof globalThis.fetch }),
    {
      visitorId: () => visitor,
      endpoint: 'https://collect.example/in/v1/events',
    },
  );
  ({ stop, seen } = started);
};

const comeNear = async (selector: string, type = 'pointerover'): Promise<void> => {
  document.querySelector(selector)!.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
  await pass(0);
};

const hrefOf = (selector: string): string | null => document.querySelector(selector)!.getAttribute('href');

/** Where the browser would go: what the address is once all listeners have heard the click. */
const goesTo = (selector: string, init: MouseEventInit = {}, type = 'click'): string | null => {
  const element = document.querySelector(selector)!;
  let href: string | null = null;
  element.addEventListener(type, () => (href = element.getAttribute('href')), { once: true });
  click(selector, init, type);
  return href;
};

const referrer = (value: string) => Object.defineProperty(document, 'referrer', { value, configurable: true });

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  (globalThis as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL('https://www.shop.fr/a');
  referrer('');
  visitor = VISITOR;
  asked = [];
  tokens = 0;
  answer = reply;
  document.body.innerHTML = `
    <a id="out" href="https://www.shop.com/b?c=1#d"><span id="in">Shop</span></a>
    <a id="own" href="/b">Own</a> <a id="self" href="https://www.shop.fr/b">Self</a>
    <a id="below" href="https://pay.shop.fr/">Pay</a>
    <a id="other" href="https://othershop.com/">Other</a> <a id="fake" href="https://shop.com.evil.example/">Fake</a>
    <a id="plain" href="http://www.shop.com/">Plain</a> <a id="mail" href="mailto:a@shop.com">Mail</a>
    <a id="silent" rel="noopener NoReferrer" href="https://shop.com/">Silent</a>
    <a id="policy" referrerpolicy="no-referrer" href="https://shop.com/">Silent</a>
    <p data-pc-ignore><a id="ignored" href="https://shop.com/">Ignored</a></p>`;
});
afterEach(async () => {
  stop();
  await pass(1);
  vi.useRealTimers();
});

describe('links to other domains', () => {
  it('asks beside the endpoint for the visitor, when a pointer or the focus comes near such a link', async () => {
    open(['shop.com'], 'shop-fr');
    await comeNear('#in');
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url).toBe('https://collect.example/in/v1/link');
    expect(asked[0]?.init).toMatchObject({ method: 'POST', credentials: 'include' });
    expect(asked[0]?.init.headers).toBeUndefined();
    expect(JSON.parse(asked[0]?.init.body as string)).toEqual({ visitor_id: VISITOR, site: 'shop-fr' });
    await pass(61_000);
    await comeNear('#out', 'focusin');
    expect(asked).toHaveLength(2);
  });

  it.each(['#own', '#self', '#other', '#fake', '#plain', '#mail', '#silent', '#policy', '#ignored'])(
    'leaves %s alone, whatever it has in hand',
    async (selector) => {
      open();
      await comeNear(selector);
      expect(asked).toEqual([]);
      await comeNear('#out');
      const before = hrefOf(selector);
      expect(goesTo(selector)).toBe(before);
    },
  );

  it.each<[string, MouseEventInit, string]>([
    ['a click', {}, 'click'],
    ['a click into a new tab', { ctrlKey: true }, 'click'],
    ['the middle button', { button: 1 }, 'auxclick'],
    ['the keyboard', { detail: 0 }, 'click'],
  ])('takes the visitor along by %s, and puts the address back', async (_name, init, type) => {
    open();
    await comeNear('#out');
    expect(goesTo('#out', init, type)).toBe('https://www.shop.com/b?c=1&pc_link=T1#d');
    await pass(0);
    expect(hrefOf('#out')).toBe('https://www.shop.com/b?c=1#d');
  });

  it('does so below a listed host, and on a click into the link', async () => {
    open();
    await comeNear('#below');
    expect(goesTo('#below')).toBe('https://pay.shop.fr/?pc_link=T1');
    await comeNear('#in');
    click('#in');
    expect(hrefOf('#out')).toContain('pc_link=T2');
  });

  it('shows the token to no menu, to no press and to no drag', async () => {
    open();
    await comeNear('#out');
    for (const type of ['contextmenu', 'pointerdown', 'mousedown', 'pointerup', 'touchstart', 'dragstart', 'copy']) {
      await comeNear('#out', type);
      expect(hrefOf('#out')).not.toContain('pc_link');
    }
    expect(goesTo('#out', { button: 2 }, 'auxclick')).not.toContain('pc_link');
  });

  it('spends a token on one way out, and on the second click of a double one', async () => {
    open();
    await comeNear('#out');
    answer = async () => new Promise(() => {});
    expect(goesTo('#out')).toContain('pc_link=T1');
    await pass(300);
    expect(goesTo('#out')).toContain('pc_link=T1');
    await pass(1_000);
    expect(goesTo('#out')).not.toContain('pc_link');
  });

  it('leaves the address that the page gave the link meanwhile', async () => {
    open();
    await comeNear('#out');
    click('#out');
    document.querySelector('#out')!.setAttribute('href', 'https://www.shop.com/new');
    await pass(0);
    expect(hrefOf('#out')).toBe('https://www.shop.com/new');
  });

  it('asks and lends nothing without a grant', async () => {
    visitor = undefined;
    open();
    await comeNear('#out');
    expect(asked).toEqual([]);
    visitor = VISITOR;
    await comeNear('#out');
    visitor = undefined;
    expect(goesTo('#out')).not.toContain('pc_link');
  });

  it('lends nothing of the visitor before a reset', async () => {
    open();
    await comeNear('#out');
    visitor = '019aa1c0-0000-7000-8000-000000000002';
    expect(goesTo('#out')).not.toContain('pc_link');
  });

  it('takes a new token after half of its life, and the old one until the new one is there', async () => {
    open();
    await comeNear('#out');
    await pass(59_000);
    await comeNear('#out');
    expect(asked).toHaveLength(1);
    answer = async () => new Promise(() => {});
    await pass(2_000);
    await comeNear('#out');
    expect(asked).toHaveLength(2);
    await pass(28_000);
    expect(goesTo('#out')).toContain('pc_link=T1');
  });

  it('lets none go that has less than a quarter of its life left', async () => {
    open();
    await comeNear('#out');
    answer = async () => new Promise(() => {});
    await pass(90_000);
    expect(goesTo('#out')).not.toContain('pc_link');
  });

  it.each<[string, () => Promise<Response>]>([
    ['the network fails', async () => Promise.reject(new TypeError('Failed to fetch'))],
    ['the collector has none', async () => new Response(null, { status: 204 })],
    ['the collector refuses', async () => new Response('{}', { status: 429 })],
    ['a portal answers', async () => new Response('<title>Sign in</title>')],
  ])('lets a click go as it is where %s, and asks again after a pause', async (_name, next) => {
    answer = next;
    open();
    await comeNear('#out');
    await comeNear('#out');
    expect(asked).toHaveLength(1);
    expect(goesTo('#out')).toBe('https://www.shop.com/b?c=1#d');
    answer = reply;
    await pass(5_000);
    await comeNear('#out');
    expect(goesTo('#out')).toContain('pc_link=T1');
  });

  it('asks where a finger leaves the screen while such a link is near', async () => {
    open();
    const link = document.querySelector('#out')!;
    const box = vi.spyOn(link, 'getBoundingClientRect');
    box.mockReturnValue({ top: 5_000, bottom: 5_020 } as DOMRect);
    await comeNear('#own', 'touchend');
    expect(asked).toEqual([]);
    box.mockReturnValue({ top: 100, bottom: 120 } as DOMRect);
    await comeNear('#own', 'touchend');
    expect(asked).toHaveLength(1);
  });

  it('does nothing after its end', async () => {
    open();
    await comeNear('#out');
    stop();
    expect(goesTo('#out')).not.toContain('pc_link');
  });

  it('refuses what is no host', () => {
    for (const hosts of [['https://shop.com'], ['shop.com/fr'], ['shop.com:8443'], [''], 'shop.com', undefined]) {
      expect(() => createCrossDomain({ hosts: hosts as string[] })).toThrow('[parcours] option "hosts"');
    }
  });
});

describe('arriving by a link', () => {
  const arrive = (address: string, from: string): void => {
    history.replaceState({ kept: 1 }, '', address);
    referrer(from);
  };

  it('clears the address bar at once, without a word to whoever watches the history, and tells the token', () => {
    arrive('/a?b=1&pc_link=T9&c=2#d', 'https://www.shop.com/cart');
    const watched = vi.fn();
    history.replaceState = watched;
    open();
    expect(location.href).toBe('https://www.shop.fr/a?b=1&c=2#d');
    expect(history.state).toEqual({ kept: 1 });
    expect(watched).not.toHaveBeenCalled();
    Reflect.deleteProperty(history, 'replaceState');
    expect(seen).toEqual([['cross_domain', { token: 'T9' }]]);
  });

  it.each([
    ['from nowhere, as by a message', ''],
    ['from another site', 'https://evil.example/shop.com'],
    ['from a host that only looks like ours', 'https://shop.com.evil.example/'],
  ])('clears the address, and tells nothing %s', (_name, from) => {
    arrive('/a?pc_link=T9', from);
    open();
    expect(location.href).toBe('https://www.shop.fr/a');
    expect(seen).toEqual([]);
  });

  it('tells nothing where there is nothing', () => {
    arrive('/a?pc_linked=1', 'https://shop.com/');
    open();
    expect(location.search).toBe('?pc_linked=1');
    arrive('/a?pc_link=', 'https://shop.com:8443/');
    open();
    expect(location.search).toBe('');
    expect(seen).toEqual([]);
  });

  it('is held until the choice: told once by a grant, gone with a refusal, and in no address', async () => {
    for (const choice of [true, false]) {
      arrive('/a?pc_link=T9&size=4', 'https://shop.com:8443/');
      const page = createPage();
      const { pageViews } = await import('./page_views.ts');
      const tracker = page.open({
        observers: [pageViews, createCrossDomain({ hosts: ['shop.com'] })],
        queryKeys: ['size'],
      });
      await pass(60_000);
      expect(page.collector.seen).toEqual([]);
      tracker.consent({ audience: choice });
      await pass(1_000);
      const events = page.collector.events();
      expect(events.map(({ type }) => type)).toEqual(choice ? ['page_view', 'cross_domain'] : []);
      if (choice) {
        expect(events[0]?.page?.url).toBe('https://www.shop.fr/a?size=4');
        expect(events[1]).toMatchObject({ occurred_at: expect.any(String), props: { token: 'T9' } });
      }
      tracker.consent({});
      tracker.stop();
      await pass(1);
    }
    stop = () => {};
  });
});
