import { randomUUID } from 'node:crypto';
import { expect as playwright } from '@playwright/test';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import '../vitest.ts';
import { connectMicro, type MicroClient, MicroTimeoutError, microMatchers, startMicro } from '../testing.ts';

/** Both runners' `expect`, as their users have it. */
const RUNNERS = { vitest: expect, playwright: playwright.extend(microMatchers) } as const;

let micro: MicroClient;
beforeAll(async () => {
  micro = await startMicro();
});
beforeEach(() => micro.reset());
afterAll(() => micro.stop());

const GRANT = { purposes: ['audience'], source: 'banner' };

const aPurchase = (id: string, more: object = {}) => ({
  type: 'purchase',
  props: {
    transaction_id: id,
    currency: 'EUR',
    value: 119.9,
    items: [{ item_id: 'SKU-1', quantity: 2 }, { item_id: 'SKU-2' }],
    ...more,
  },
});

function send(events: readonly object[], more: object = {}): Promise<Response> {
  const at = new Date().toISOString();
  const whole = events.map((event) => ({
    event_id: randomUUID(),
    occurred_at: at,
    stamp: 0,
    page: { url: 'http://localhost:3000/thanks' },
    ...event,
  }));
  return fetch(`${micro.url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify({
      v: 1,
      site: 'shop',
      key: 'pk_demo',
      sdk: 'test',
      sent_at: at,
      stamps: [{ ...GRANT, at }],
      events: whole,
      ...more,
    }),
  });
}

/** What an expectation says when it does not hold, without colours. */
async function fault(expectation: Promise<void>): Promise<string> {
  const error = await expectation.then(
    () => undefined,
    (reason: Error) => reason,
  );
  if (!error) throw new Error('the expectation holds');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour begins with
  return error.message.replace(/\u001b\[\d+m/g, '');
}

describe.each(['vitest', 'playwright'] as const)('in %s', (name) => {
  const expectIt = (client: MicroClient) => RUNNERS[name](client);

  it('finds an event by what was sent and by how it is stored', async () => {
    await send([aPurchase('W-1')]);
    await expectIt(micro).toHaveReceived('purchase');
    await expectIt(micro).toHaveReceived('purchase', { transaction_id: 'W-1', value: 119.9 });
    await expectIt(micro).toHaveReceived('purchase', { order_id: 'W-1', amount_minor: 11_990, path: '/thanks' });
    await expectIt(micro).toHaveReceived('purchase', { items: [{ item_id: 'SKU-1' }, { item_id: 'SKU-2' }] });
    await expectIt(micro).toHaveReceived('purchase', {
      value: RUNNERS[name].any(Number),
      transaction_id: RUNNERS[name].stringMatching(/^W-/),
      decision: { purposes: ['audience'] },
      coupon: undefined,
    });
  });

  it('waits for an event that is yet to come', async () => {
    const expectation = expectIt(micro).toHaveReceived('purchase', { transaction_id: 'W-2' }, { timeout: 30_000 });
    await send([aPurchase('W-1')]);
    await send([aPurchase('W-2')]);
    await expectation;
  });

  it('says of an event that never came what was received instead', async () => {
    const text = await fault(expectIt(micro).toHaveReceived('purchase', { value: 1 }, { timeout: 1 }));
    expect(text).toContain('expected to receive "purchase" with { value: 1 }, and waited 1 ms');
    expect(text).toContain('received instead: no event at all');
    await send([{ type: 'page_view' }, { type: 'page_view' }]);
    expect(await fault(expectIt(micro).toHaveReceived('purchase', {}, { timeout: 1 }))).toContain(
      'received instead: 2 page_view',
    );
  });

  it('names the nearest event and the field that differs', async () => {
    await send([aPurchase('W-1', { value: 5 }), aPurchase('W-9', { value: 5 })]);
    const wanted = {
      transaction_id: 'W-1',
      value: 119.9,
      items: [{ quantity: 3 }, { item_id: expect.stringContaining('SKU') }],
    };
    const text = await fault(expectIt(micro).toHaveReceived('purchase', wanted, { timeout: 1 }));
    expect(text).toMatch(/nearest: purchase on \/thanks \(event \d+\)\n {4}value: wanted 119.9, got 5\n/);
    expect(text).toContain('items[0].quantity: wanted 3, got 2');
    expect(text).not.toContain('W-9');
    const items = await fault(expectIt(micro).toHaveReceived('purchase', { items: [{}] }, { timeout: 1 }));
    expect(items).toContain('items: wanted [{}], got [{"item_id":"SKU-1"');
  });

  it('says that the event came and failed, was left out, or was refused', async () => {
    await send([aPurchase('W-1', { currency: 'euro' })]);
    await send([aPurchase('W-1')], { stamps: [{ ...GRANT, purposes: [], at: new Date().toISOString() }] });
    await send([aPurchase('W-1')], { key: 'pk_wrong' });
    const text = await fault(expectIt(micro).toHaveReceived('purchase', {}, { timeout: 1 }));
    expect(text).toMatch(/failed: purchase at props.currency: .* \(validate, invalid_field\)/);
    expect(text).toContain('left out: 1 purchase: the purpose was not granted (consent_denied)');
    expect(text).toMatch(/refused: a request without origin for site "shop" with purchase: .* \(unknown_key\)/);
  });

  it('holds with .not as long as it watches, and fails as soon as the event comes', async () => {
    await expectIt(micro).not.toHaveReceived('purchase', {}, { quiet: 1 });
    await send([aPurchase('W-1')]);
    await expectIt(micro).not.toHaveReceived('purchase', { transaction_id: 'W-2' }, { quiet: 1 });
    const watching = fault(
      expectIt(micro).not.toHaveReceived('purchase', { transaction_id: 'W-2' }, { quiet: 30_000 }),
    );
    await send([aPurchase('W-2')]);
    expect(await watching).toContain('expected not to receive "purchase" with { transaction_id: "W-2" }');
  });

  it('counts, and sees one too many', async () => {
    const quick = { timeout: 1, quiet: 1 };
    await expectIt(micro).toHaveReceivedTimes('purchase', 0, {}, quick);
    await send([aPurchase('W-1'), { type: 'page_view' }]);
    await expectIt(micro).toHaveReceivedTimes('purchase', 1, { transaction_id: 'W-1' }, quick);
    await expectIt(micro).not.toHaveReceivedTimes('purchase', 2, {}, quick);
    expect(await fault(expectIt(micro).not.toHaveReceivedTimes('purchase', 1, {}, quick))).toContain('once');
    const few = await fault(expectIt(micro).toHaveReceivedTimes('purchase', 2, {}, quick));
    expect(few).toContain('expected to receive "purchase" 2 times, and got it once');
    const watching = fault(expectIt(micro).toHaveReceivedTimes('purchase', 1, {}, { quiet: 30_000 }));
    await send([aPurchase('W-1')]);
    expect(await watching).toMatch(/"purchase" once, and got it 2 times\nreceived: purchase on \/thanks/);
  });

  it('finds nothing wrong where nothing is, and says what is', async () => {
    await send([aPurchase('W-1')]);
    await expectIt(micro).toHaveNoFailed();
    await expectIt(micro).toHaveNoFiltered();
    await expectIt(micro).toHaveNoRefused();
    await expectIt(micro).toHaveAllAddedUp();
    await send([aPurchase('W-1', { currency: 'euro' }), { ...aPurchase('W-1'), stamp: 9 }]);
    await send([], { site: 'shopp' });
    await expectIt(micro).not.toHaveNoFailed();
    expect(await fault(expectIt(micro).toHaveNoFailed())).toMatch(/failed: purchase at props.currency/);
    expect(await fault(expectIt(micro).toHaveNoFiltered())).toMatch(/left out: 1 purchase: .*\(consent_missing\)/);
    expect(await fault(expectIt(micro).toHaveNoRefused())).toMatch(/for site "shopp": no such site \(unknown_site\)/);
    await expectIt(micro).toHaveAllAddedUp();
  });
});

it('says which accounts do not add up', async () => {
  const accounts = { ...(await micro.accounts()), received: 3, accepted: 2, adds_up: false };
  const lossy: MicroClient = { ...micro, accounts: async () => accounts };
  expect(await fault(expect(lossy).toHaveAllAddedUp({ timeout: 1 }))).toContain('received 3, accepted 2, duplicate 0');
});

it('reads all events, however many pages they fill', async () => {
  for (let batch = 0; batch < 21; batch++) {
    await send(Array.from({ length: 50 }, () => ({ type: 'page_view' })));
  }
  expect(await micro.events({ type: 'page_view' })).toHaveLength(1_050);
  expect(await micro.events({ type: 'purchase' })).toEqual([]);
});

it('rejects a wait in vain with what was there', async () => {
  await send([{ type: 'page_view' }]);
  const error = await micro.wait({ type: 'purchase' }, { timeoutMs: 1 }).catch((reason) => reason);
  expect(error).toBeInstanceOf(MicroTimeoutError);
  expect(error.message).toBe('[parcours] waited 1 ms for 1 matching event, there are 0; received: 1 page_view');
  await expect(micro.wait({ colour: 'red' })).rejects.toThrow(/"colour" is no field/);
  await expect(micro.events({ colour: 'red' })).rejects.toThrow(/"colour" is no field/);
});

it('says how to start one where nothing answers', async () => {
  const gone = await startMicro();
  await gone.stop();
  await expect(connectMicro(gone.url).events()).rejects.toThrow(/no micro collector answers at .*npx parcours micro/);
});

it('leaves a collector that it only connected to running', async () => {
  const other = connectMicro(`${micro.url}/`);
  expect(other.url).toBe(micro.url);
  await other.stop();
  expect((await other.accounts()).received).toBe(0);
});

it('connects to the one that runs the tests, else to the usual port', () => {
  vi.stubEnv('PARCOURS_MICRO_URL', 'http://localhost:4711');
  expect(connectMicro().url).toBe('http://localhost:4711');
  vi.unstubAllEnvs();
  expect(connectMicro().url).toBe('http://localhost:9090');
});
