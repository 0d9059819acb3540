import { type BrowserPolicy, DEFAULT_EVENTS, DEFAULT_FIELDS, DEFAULT_GPC } from '@parcours/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clicks } from '../observers/clicks.ts';
import { click, observe } from '../testing/observe.ts';
import { createPage, pass } from '../testing/page.ts';
import type { Traced, TracedState, TraceListener, TraceStep } from '../trace.ts';
import { createDebugger } from './debugger.ts';

const policy: BrowserPolicy = {
  hash: 'h'.repeat(22),
  purposes: ['audience', 'ads_share', 'crm_join'],
  events: DEFAULT_EVENTS,
  fields: DEFAULT_FIELDS,
  gpc: DEFAULT_GPC,
  debug: true,
};
const at = '2026-11-22T10:00:00.000Z';
const traced = (id: string, type: string): Traced => ({
  id,
  text: JSON.stringify({ event_id: id, type, occurred_at: at, keys: { customer_id: 'C-1' } }),
});

let state: TracedState;
let tell: (step: TraceStep) => void;
let stops: (() => void)[] = [];
const info = vi.spyOn(console, 'info').mockImplementation(() => {});

/** Opens the panel at an address, over a core that says what the test says. */
const openAt = async (href = 'https://shop.example/?pc_debug', navigator: object = {}): Promise<void> => {
  const page = createPage();
  const trace = (listener: TraceListener) => {
    tell = (step) => {
      if (step.step === 'state') state = step;
      listener(step);
    };
    tell(state);
    return () => state;
  };
  const scope = page.scope({ location: { href } as Location, navigator: navigator as Navigator });
  stops.push(observe(createDebugger(), scope, { trace }).stop);
  await pass(100);
};
const host = () => document.querySelector('parcours-debugger');
const root = () => host()!.shadowRoot!;
const text = (selector: string) => root().querySelector(selector)?.textContent;
const lines = () => {
  const names = [...root().querySelectorAll('dt')].map((one) => one.textContent);
  return Object.fromEntries(names.map((name, n) => [name, root().querySelectorAll('dd')[n]!.textContent]));
};
const sections = () =>
  Object.fromEntries(
    [...root().querySelectorAll('details')].map((one) => [
      one.querySelector('summary')!.textContent,
      [...one.querySelectorAll('li')].map((li) => li.textContent!.replace(/^[\d:]+ /, '')),
    ]),
  );

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(at) });
  document.documentElement.lang = 'en';
  state = { step: 'state', status: 'pending', policy, held: [], queued: [] };
  info.mockClear();
});
afterEach(() => {
  for (const stop of stops) stop();
  stops = [];
  vi.useRealTimers();
});

describe('the panel', () => {
  it('is shown where the address asks for it and the policy allows it', async () => {
    await openAt();
    expect(host()?.parentElement).toBe(document.documentElement);
    expect(info).not.toHaveBeenCalled();
  });

  it.each([
    ['the address does not ask', 'https://shop.example/?pc_debugger', policy, 'the address has no ?pc_debug'],
    ['the policy does not allow it', undefined, { ...policy, debug: undefined }, 'does not say "debug": true'],
    ['there is no policy', undefined, null, 'the site has no policy'],
  ])('is not where %s, and one line says so', async (_, href, given, line) => {
    state = { ...state, policy: given };
    await openAt(href);
    if (href === undefined) tell({ step: 'captured', ...traced('a', 'page_view') });
    await pass(1_000);
    expect(host()).toBeNull();
    expect(info.mock.calls).toEqual([[expect.stringContaining(line)]]);
  });

  it('says once that it waits for a policy that does not come, and is shown when it does', async () => {
    state = { ...state, policy: undefined };
    await openAt();
    await pass(60_000);
    expect(info.mock.calls).toEqual([[expect.stringContaining('is not there yet')]]);
    tell({ ...state, policy });
    await pass(100);
    expect(host()).not.toBeNull();
  });

  it('waits for the policy, and then knows what came before', async () => {
    state = { ...state, policy: undefined };
    await openAt();
    tell({ step: 'captured', ...traced('a', 'page_view') });
    await pass(1_000);
    expect(host()).toBeNull();
    expect(info).not.toHaveBeenCalled();
    tell({ ...state, policy, held: [traced('a', 'page_view')] });
    await pass(100);
    expect(sections()).toHaveProperty('Held 1');
  });

  it('goes where a newer policy does not allow it any more', async () => {
    await openAt();
    tell({ ...state, policy: { ...policy, debug: undefined } });
    await pass(100);
    expect(host()).toBeNull();
  });

  it('goes with the tracker', async () => {
    await openAt();
    for (const stop of stops) stop();
    expect(host()).toBeNull();
  });

  it('tells state, purposes, and where the choice is from', async () => {
    const choice = {
      purposes: ['audience'],
      denied: ['crm_join'],
      source: 'tcf',
      at,
      policy: 'h',
      receipt: 'r'.repeat(22),
    };
    state = { ...state, status: 'granted', choice, gpc: ['ads_share'] };
    await openAt(undefined, { globalPrivacyControl: true });
    expect(text('[role=status]')).toMatch(/^Events are stored and sent/);
    expect(text('button span')).toBe('Granted');
    expect(lines()).toEqual({
      Granted: 'audience measurement (audience)',
      Denied: 'link with the customer file (crm_join)',
      Unknown: 'none',
      'Global Privacy Control': 'on, took ads_share',
      Source: 'tcf',
      Chosen: new Date(at).toLocaleString('en-GB'),
      Receipt: 'r'.repeat(22),
      Policy: 'h'.repeat(22),
    });
  });

  it.each([
    ['off', {}],
    ['on, took nothing', { globalPrivacyControl: true }],
  ])('says that Global Privacy Control is %s; before a choice all is unknown', async (said, navigator) => {
    await openAt(undefined, navigator);
    expect(lines()).toMatchObject({ 'Global Privacy Control': said, Granted: 'none', Denied: 'none' });
    expect(lines().Unknown).toMatch(/audience.*ads_share.*crm_join/);
  });

  it('says of each event where it is and why, and which purpose would have let it through', async () => {
    await openAt();
    const view = traced('a', 'page_view');
    const identify = traced('b', 'identify');
    for (const one of [view, identify]) tell({ step: 'captured', ...one });
    state = { ...state, held: [view, identify] };
    await pass(100);
    expect(sections()).toMatchObject({
      'Held 2': ["identify waits for the visitor's choice", "page_view waits for the visitor's choice"],
    });
    const choice = { purposes: ['audience'], denied: ['crm_join'], source: 'tcf', at };
    tell({ ...state, status: 'granted', choice, held: [], queued: [view] });
    tell({ step: 'queued', id: 'a', text: view.text.replace(/"keys":\{.*?\}/, '"keys":{}') });
    tell({ step: 'refused', id: 'b', type: 'identify', code: 'consent_denied' });
    await pass(100);
    expect(sections()).toEqual({
      'Held 0': [],
      'Queued 1': ['page_view permitted, waits for the collector, without keys.customer_id (needs crm_join)'],
      'Sent 0': [],
      'Refused 1': ['identify the purpose was not granted (needs crm_join)'],
      'Lost 0': [],
    });
    tell({ ...state, status: 'denied', choice: { ...choice, purposes: [] }, queued: [] });
    tell({ step: 'refused', type: 'identify', code: 'consent_denied' });
    await pass(100);
    expect(sections()).toMatchObject({
      'Refused 3': [
        'identify the purpose was not granted (needs audience)',
        'identify the purpose was not granted (needs audience)',
        expect.stringMatching(/^page_view the visitor took the choice back, without/),
      ],
    });
  });

  it.each([
    ['fr', 'Débogueur du consentement'],
    ['fr-CA', 'Débogueur du consentement'],
    ['en', 'Consent debugger'],
    ['fr_FR', 'Débogueur du consentement'],
    ['fro', 'Consent debugger'],
    ['no language', 'Consent debugger'],
    ['', 'Débogueur du consentement'],
  ])('speaks the language of the page (%s), or else of the browser', async (lang, title) => {
    document.documentElement.lang = lang;
    await openAt(undefined, { language: 'fr-FR' });
    expect(root().querySelector('section')?.getAttribute('aria-label')).toBe(title);
    expect(host()?.getAttribute('lang')).toBe(title.startsWith('C') ? 'en-GB' : 'fr-FR');
  });

  it('closes by Escape, which the page does not hear, and its button opens it again', async () => {
    const heard = vi.fn();
    document.addEventListener('keydown', heard);
    await openAt();
    const button = root().querySelector('button')!;
    const body = root().querySelector<HTMLElement>('#body')!;
    const press = () =>
      root()
        .querySelector('summary')!
        .dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }));
    press();
    expect([body.hidden, button.getAttribute('aria-expanded')]).toEqual([true, 'false']);
    expect(root().activeElement).toBe(button);
    expect(heard).not.toHaveBeenCalled();
    press();
    expect(heard).toHaveBeenCalledOnce();
    button.click();
    expect([body.hidden, button.getAttribute('aria-expanded')]).toEqual([false, 'true']);
    document.removeEventListener('keydown', heard);
  });

  it('is nothing that a click is counted on', async () => {
    await openAt();
    const { seen, stop } = observe(clicks);
    for (const one of root().querySelectorAll('button,summary')) click(one);
    stop();
    expect(seen).toEqual([]);
  });
});

describe('the report', () => {
  const full = async () => {
    const receipt = 'RECEIPT'.padEnd(22, '0');
    state = { ...state, status: 'granted', choice: { purposes: ['audience'], source: 'tcf', at, receipt } };
    state = { ...state, queued: [traced('EVENTID', 'page_view')] };
    await openAt();
    root().querySelectorAll('button')[1]!.click();
    await pass(0);
  };

  it('is copied: what the panel says, without an id or a value', async () => {
    const writeText = vi.spyOn(window.navigator.clipboard, 'writeText').mockResolvedValue();
    await full();
    const [report = ''] = writeText.mock.calls[0] ?? [];
    writeText.mockRestore();
    expect(report).toContain('Granted: audience measurement (audience)');
    expect(report).toContain('Receipt: given');
    expect(report).toContain(`Queued: 1\n  ${at} page_view: permitted, waits for the collector`);
    expect(report).not.toMatch(/RECEIPT|EVENTID|C-1/);
    expect(text('.soft')).toBe('Report copied.');
  });

  it('is there to be copied by hand where the browser does not let it', async () => {
    const writeText = vi.spyOn(window.navigator.clipboard, 'writeText').mockRejectedValue(new Error('not allowed'));
    await full();
    writeText.mockRestore();
    expect(root().activeElement).toBe(root().querySelector('textarea'));
    expect(root().querySelector('textarea')?.value).toContain('Consent debugger, ');
  });
});
