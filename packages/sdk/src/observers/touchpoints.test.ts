import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPage, pass } from '../testing/page.ts';
import type { Tracker } from '../tracker_types.ts';
import { pageViews } from './page_views.ts';
import { createTouchpoints, touchpoints } from './touchpoints.ts';

let page: ReturnType<typeof createPage>;
let tracker: Tracker;

const from = (kind: string, source: string, campaign?: string) => ({ kind, source, ...(campaign && { campaign }) });

const arrive = (address: string, referrer = '', observer = touchpoints): void => {
  history.replaceState({}, '', address);
  Object.defineProperty(document, 'referrer', { value: referrer, configurable: true });
  tracker = page.open({ observers: [pageViews, observer] });
};

const touches = async () => {
  tracker.consent({ audience: true });
  await pass(1_000);
  return page.collector
    .events()
    .filter(({ type }) => type === 'touchpoint')
    .map(({ props }) => props);
};

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  page = createPage();
});
afterEach(async () => {
  tracker.consent({});
  tracker.stop();
  await pass(1);
  Reflect.deleteProperty(document, 'referrer');
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('touchpoints', () => {
  it.each<[string, string, string, Record<string, string> | undefined]>([
    ['a code', '/?pc_code=w7&utm_source=n', '', { kind: 'code', code: 'w7', source: 'n' }],
    ['a code in a place', '/?pc_place=lyon-2&pc_code=w7', '', { kind: 'code', place_id: 'lyon-2', code: 'w7' }],
    ['a place', '/?utm_medium=qr&pc_place=lyon-2', '', { kind: 'place', place_id: 'lyon-2', medium: 'qr' }],
    [
      'a whole campaign',
      '/?utm_source=n&utm_medium=email&utm_campaign=autumn%20week&utm_term=t&utm_content=c&gclid=S3CRET',
      'https://mail.example/inbox',
      {
        kind: 'campaign',
        source: 'n',
        medium: 'email',
        campaign: 'autumn week',
        term: 't',
        content: 'c',
        click_id: 'gclid',
      },
    ],
    ['a campaign without source', '/?utm_campaign=a', 'https://x.example/', from('campaign', 'x.example', 'a')],
    ['a click id', '/?a=1&ScCid=S3CRET', 'https://x.example/', { ...from('click_id', 'x.example'), click_id: 'ScCid' }],
    ['another site', '/', 'https://www.find.example/q?secret=1', from('referrer', 'www.find.example')],
    ['an app', '/', 'android-app://com.mail.example/', from('referrer', 'com.mail.example')],
    ['empty parameters', '/?utm_source=&pc_code=&pc_place=', '', undefined],
    ['names that only contain one', '/?my_gclid=1&xutm_source=n', '', undefined],
    ['nothing', '/', '', undefined],
    ['the own site', '/', 'http://localhost:3000/before', undefined],
    ['a host below the own', '/', 'http://blog.localhost:3000/', undefined],
    ['a host that ends like the own', '/', 'http://notlocalhost:3000/', from('referrer', 'notlocalhost:3000')],
  ])('tells %s', async (_name, address, referrer, expected) => {
    arrive(address, referrer);
    expect(await touches()).toEqual(expected ? [expected] : []);
    expect(JSON.stringify(page.collector.seen)).not.toMatch(/s3cret|secret/i);
  });

  it('belongs to the view that it brought', async () => {
    arrive('/?pc_code=w7');
    await touches();
    const [view, touch] = page.collector.events();
    expect([view?.type, touch?.type]).toEqual(['page_view', 'touchpoint']);
    expect(touch?.page_view_id).toBe(view?.event_id);
  });

  it('is held until the choice, and a refusal purges it', async () => {
    arrive('/?pc_code=w7');
    await pass(10_000);
    expect(page.collector.seen).toEqual([]);
    tracker.consent({});
    expect(await touches()).toEqual([]);
  });

  it('takes listed hosts, and those below them, for no referrer', async () => {
    arrive('/', 'https://3ds.pay.example/done', createTouchpoints({ hosts: ['pay.example'] }));
    expect(await touches()).toEqual([]);
  });

  it('sees one landing, however many pages follow in the document', async () => {
    arrive('/?utm_source=n');
    history.pushState({}, '', '/b');
    expect(await touches()).toHaveLength(1);
  });

  it.each([
    ['navigate', 1],
    ['reload', 1],
    ['back_forward', 0],
  ])('of a %s tells %i', async (type, count) => {
    vi.spyOn(performance, 'getEntriesByType').mockReturnValue([{ type }] as never);
    arrive('/?pc_code=w7');
    expect(await touches()).toHaveLength(count);
  });

  it('masks an e-mail address before it cuts a long value', async () => {
    arrive(`/?pc_code=${'x'.repeat(190)}+jane.doe@mail.example`);
    expect(await touches()).toEqual([{ kind: 'code', code: `${'x'.repeat(190)} [email]` }]);
  });
});
