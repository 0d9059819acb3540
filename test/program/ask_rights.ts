import { randomUUID } from 'node:crypto';
import { aBatch, anEvent, PHONE } from '../support/batch.ts';
import { until } from '../support/processes.ts';

/** Texts that a request for a visitor's rights carries, and where it is sent. */
export interface AskedRights {
  readonly collector: string;
  /** Goes into every field that takes a text. */
  readonly text: string;
  /** Goes where the text may not, as a key. */
  readonly code: string;
  /** Told by a proxy as the browser's. */
  readonly address: string;
}

/** A page of the site `shop`, which may ask. */
export const SHOP = 'https://shop.example';

/**
 * Asks for the rights of a visitor by every way of the collector, with one text in every field, header and part of an address, as
 * nobody who is known: what is refused must rest nowhere either.
 */
export async function askUnproven(asked: AskedRights): Promise<Answers> {
  const { text, code } = asked;
  const { answers, post, send } = asker(asked);
  const query = encodeURIComponent(text);
  const id = text.slice(0, 100);
  const told = { source_version: text, consent_string: `x ${text}`, notice_hash: text, language: text, [text]: text };
  const bodies = [
    { ...SITE, visitor_id: id, stamp: { ...CHOICE, ...told, receipt: 'A'.repeat(22) } },
    { ...SITE, visitor_id: code.slice(0, 100), stamp: { ...CHOICE, source: text, at: text, receipt: text } },
    { ...SITE, visitor_id: [text], stamp: text },
    { site: text, key: text, [text]: text },
    `{"${text}`,
  ];
  for (const what of ['export-mine', 'erase-mine'])
    for (const more of ['', `?${query}=${query}`]) for (const body of bodies) await post(what, body, more);
  for (const body of [
    { visitor_id: text, site: text },
    { visitor_id: 'visitor-7', [text]: text },
  ])
    await post('link', body);
  for (const path of [query, `shop?lang=${query}&ask=${query}`, `shop?ask=erase&${query}=${query}`])
    await send('page', `rights/${path}`, {});
  for (const fields of [
    { do: text, site: 'shop' },
    { do: 'stop', site: text },
    { do: 'stop', site: 'shop', [text]: text },
  ])
    await postForm(send, 'rights', fields);
  return answers;
}

/** The same, as visitors of its own who are known: they are given what is held of them, stopped and erased. */
export async function askProven(asked: AskedRights): Promise<Answers> {
  const { text } = asked;
  const { answers, post, send } = asker(asked);
  const query = encodeURIComponent(text);
  async function newVisitor() {
    const visitor_id = randomUUID();
    const page = { url: `${SHOP}/compte/${query}?q=${query}`, title: `Boots ${text}` };
    const events = [anEvent({ visitor_id, page, props: { search_term: text } }), { ...anEvent(), type: `Bad ${text}` }];
    const { body, headers } = await send('events', 'events', {
      method: 'POST',
      headers: { 'content-type': 'text/plain', origin: SHOP },
      body: JSON.stringify(aBatch(events, { visitor_id, stamps: [CHOICE] })),
    });
    const { receipts } = JSON.parse(body) as { receipts: string[] };
    const cookie = headers.getSetCookie().map((set) => set.slice(0, set.indexOf(';')));
    return { cookie: cookie.join('; '), proof: { visitor_id, stamp: { ...CHOICE, receipt: receipts[0] } } };
  }

  const { proof } = await newVisitor();
  const known = { ...SITE, ...proof, stamp: { ...proof.stamp, [text]: text }, note: text, [text]: text };
  // The tables may be busy: then the answer is 503, to be asked again.
  await until(async () => (await post('export-mine', known)).status === 200, 'what is held is given');
  await post('erase-mine', known);
  await post('erase-mine', known, `?${query}=${query}`);
  const { cookie } = await newVisitor();
  const taken = () => postForm(send, 'rights/export', { site: 'shop', [text]: text }, cookie);
  await until(async () => (await taken()).status === 200, 'what is held is given by the form');
  await postForm(send, 'rights', { do: 'stop', site: 'shop', lang: text, [text]: text }, cookie);
  for (const stop of ['yes', text]) {
    const { cookie } = await newVisitor();
    await postForm(send, 'rights', { do: 'erase', site: 'shop', stop, lang: text, [text]: text }, cookie);
  }
  return answers;
}

/** Answers by what was asked and their status, such as `erase-mine 200`. */
type Answers = ReadonlySet<string>;

const SITE = { site: 'shop', key: 'pk_demo' };
const CHOICE = { purposes: ['audience'], source: 'manual', at: new Date(Date.now() - 60_000).toISOString() };

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}
type Send = (what: string, path: string, init: RequestInit) => Promise<Answered>;

function asker({ collector, text, address }: AskedRights) {
  const answers = new Set<string>();
  const typed = text.replace(/[^ -~]/g, '');
  const always = {
    'user-agent': `${PHONE} ${typed}`,
    'accept-language': `${typed}, fr`,
    'x-request-id': typed,
    'x-forwarded-for': address,
  };
  const send: Send = async (what, path, init) => {
    const response = await fetch(`${collector}/v1/${path}`, { ...init, headers: { ...always, ...init.headers } });
    const { status, headers } = response;
    answers.add(`${what} ${status}`);
    return { status, headers, body: await response.text() };
  };
  const post = (what: string, body: unknown, more = ''): Promise<Answered> =>
    send(what, `${what}${more}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: SHOP,
        referer: `${SHOP}/${encodeURIComponent(text)}`,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { answers, send, post };
}

const postForm = (send: Send, path: string, fields: Readonly<Record<string, string>>, cookie = ''): Promise<Answered> =>
  send(fields.do === 'stop' || fields.do === 'erase' ? `form ${fields.do}` : `form at ${path}`, path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', cookie },
    body: new URLSearchParams(fields),
  });
