import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { listDayFiles, TABLES } from '@parcours/store';
import { expect, it } from 'vitest';
import { dataFolder } from '../../packages/parcours/src/data_folder.ts';
import { openLoaded } from '../../packages/parcours/src/retention/testing.ts';
import { aBatch, anEvent, PHONE } from '../support/batch.ts';
import { receiveOtlp } from '../support/otlp.ts';
import { until } from '../support/processes.ts';
import { askProgram } from '../support/program.ts';
import { serve } from '../support/serve.ts';
import { askEverything } from './ask_everything.ts';
import { askProven, askUnproven, SHOP } from './ask_rights.ts';

/** What somebody types or a page passes on, and what of it must rest nowhere. All are made up or published as examples. */
const CANARIES: readonly (readonly [sent: string, rests: string])[] = [
  ['c4nary.jean+promo@exemple.fr', 'c4nary'],
  ['c4nary.jean%40exemple.fr', 'c4nary'],
  ['c4nary.jean%2540exemple.fr', 'c4nary'],
  ['06 12 34 56 78', '12 34 56 78'],
  ['+33612345678', '612345678'],
  ['0033 6.12.34.56.78', '12.34.56.78'],
  ['5425 2334 3010 9903', '2334 3010'],
  ['5425233430109903', '23343010'],
  ['FR7630006000011234567890189', '30006000011234567890189'],
  ['FR76 3000 6000 0112 3456 7890 189', '6000 0112'],
  ['1 85 05 78 006 084 91', '006 084'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjNG5hcnkifQ.c2lnbmF0dXJl', 'eyJhbGci'],
  ['d41d8cd98f00b204e9800998ecf8427e', 'd41d8cd98f00'],
];
/** As keys, ids and a store's codes: a card's or a phone's digits alone are a loyalty card's as well. */
const AS_CODE = CANARIES.filter(([sent]) => /[@ +]/.test(sent) || /^(FR76|eyJ)/.test(sent)).map(([sent]) => sent);
const ADDRESSES: readonly (readonly [sent: string, rests: string])[] = [
  ['203.0.113.77', '203.0.113.77'],
  ['2001:db8:77:88:99:aa:bb:cc', '2001:db8:77:88'],
];
const NEEDLES = [...CANARIES, ...ADDRESSES].map(([, rests]) => rests);

/** What becomes of those who ask for their rights: refused in each way, and given. */
const ASKED = [
  ...['export-mine 400', 'export-mine 401', 'export-mine 200', 'erase-mine 400', 'erase-mine 401', 'erase-mine 200'],
  ...['link 200', 'page 200', 'page 404', 'form at rights 404', 'form at rights/export 200'],
  ...['form stop 200', 'form stop 404', 'form erase 200'],
];

/** And of what else is asked: refused, and done. */
const EVERYTHING = [
  ...['post /v1/validate 200', 'post /v1/validate 400', 'get /v1/policy/{site} 404', 'get /{script} 404'],
  ...['get / 302', 'get / 200', 'get /live/events 200', 'get /live/events 401', 'post /v1/reports/funnel 400'],
  ...['post /v1/query 200', 'post /v1/query 400', 'post /v1/query 401', 'post /v1/export 400', 'post /v1/snapshot 400'],
  ...['post /v1/subjects/find 404', 'post /v1/subjects/erase 200', 'post /v1/subjects/erase 401'],
];

const page = (text: string, code: string) => ({
  url: `https://shop.example/compte/${encodeURIComponent(text)}?q=${encodeURIComponent(text)}&utm_campaign=${encodeURIComponent(text)}&pc_code=${encodeURIComponent(code)}&pc_place=${encodeURIComponent(code)}#${text}`,
  title: `Boots ${text}`,
  referrer: `https://other.example/?q=${encodeURIComponent(text)}`,
});

/** One text in every field of an event that takes one. */
const everywhere = (text: string, code: string) =>
  anEvent({
    session_id: code,
    page_view_id: code,
    page: page(text, code),
    keys: { customer_id: code, loyalty_card: code, order_id: code, coupon: code, qr: code },
    props: {
      search_term: text,
      transaction_id: code,
      link_url: `https://shop.example/?m=${text}`,
      [text]: text,
      items: [{ item_id: 'SKU-1', item_name: text, more: { deep: [text, { [`${text} name`]: text }] } }],
    },
  });

const PURPOSES = ['audience', 'personalisation', 'ads_measurement', 'ads_share', 'crm_join'];

function batchesOf(text: string, code: string): readonly object[] {
  const at = new Date(Date.now() - 60_000).toISOString();
  const stamp = { purposes: PURPOSES, source: 'manual', at };
  const told = { source_version: text, consent_string: `x ${text}`, notice_hash: `x ${text}`, language: text };
  const event = everywhere(text, code);
  return [
    // Accepted; failed in shape, in type, in its page; under a receipt whose texts are the page's.
    aBatch([event, { ...event, event_id: 'no id' }, { ...everywhere(text, code), type: `Bad ${text}` }], {
      stamps: [stamp],
    }),
    aBatch([{ ...everywhere(text, code), session_id: undefined, page_view_id: undefined }], { stamps: [stamp] }),
    aBatch([anEvent({ page: { url: `javascript:${text}` } }), anEvent({ occurred_at: text })], { stamps: [stamp] }),
    aBatch([anEvent()], { stamps: [{ ...stamp, ...told }], sdk: `1.0 ${text}` }),
    // Refused: no grant, a stamp that cannot be read, a whole batch that cannot; and what the sender let go.
    aBatch([everywhere(text, code)], { stamps: [{ ...stamp, purposes: [] }] }),
    aBatch([everywhere(text, code)], { stamps: [{ ...stamp, source: text, receipt: text }] }),
    aBatch([everywhere(text, code)], { key: text, site: text }),
    aBatch([], { stamps: [stamp], dropped: [{ code: text, count: 1 }], withdrawn: { at, purposes: [text] } }),
    { [text]: text },
  ];
}

/** Every row of every table and sealed file, as text: on the disk both are compressed. */
async function rowsOf(data: string): Promise<Readonly<Record<string, string>>> {
  const folder = dataFolder(data);
  const engine = await openLoaded(folder);
  await engine.sealDays('9999-01-01');
  await engine.close();
  const sources = [
    ...Object.keys(TABLES).map((table) => [`table ${table}`, `d.${table}`]),
    ...(await listDayFiles(join(folder.store, 'days'))).map(({ path, table }) => [
      `sealed ${table}`,
      `read_parquet('${path}')`,
    ]),
  ] as [string, string][];
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`ATTACH '${folder.database}' AS d (READ_ONLY)`);
  const texts: Record<string, string> = {};
  for (const [name, source] of sources) {
    const read = await connection.runAndReadAll(`SELECT to_json(t)::VARCHAR FROM ${source} t`);
    texts[name] = `${texts[name] ?? ''}${read.getRows().join('\n')}`;
  }
  connection.closeSync();
  instance.closeSync();
  return texts;
}

async function filesOf(data: string): Promise<Readonly<Record<string, string>>> {
  const texts: Record<string, string> = {};
  for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // Of the browser scripts only the program is the author.
    if (entry.isFile() && !path.startsWith(join(data, 'scripts'))) {
      texts[path.slice(data.length + 1)] = (await readFile(path)).toString('latin1');
    }
  }
  return texts;
}

it('no e-mail, phone, card, IBAN, NIR, token or full address rests in any sink, whatever becomes of its event', async () => {
  const otlp = await receiveOtlp();
  const root = await mkdtemp(join(tmpdir(), 'parcours-sinks-'));
  const data = join(root, 'data');
  const config = join(root, 'parcours.config.json');
  await writeFile(
    config,
    JSON.stringify({
      logLevel: 'debug',
      trustProxy: 1,
      otel: { endpoint: otlp.endpoint, intervalMs: 1_000 },
      sites: [
        { id: 'shop', keys: ['pk_demo'], origins: [SHOP], queryKeys: ['q'], rightsFromPages: ['export', 'erase'] },
      ],
    }),
  );
  const program = await serve({ data, config });
  const told: Record<string, string> = {};
  try {
    const outcomes: Record<string, number> = {};
    let sent = 0;
    for (const [index, [text]] of CANARIES.entries()) {
      for (const batch of batchesOf(text, AS_CODE[index % AS_CODE.length]!)) {
        const response = await fetch(`${program.collector}/v1/events`, {
          method: 'POST',
          headers: {
            'content-type': 'text/plain',
            'user-agent': `${PHONE} ${text.replace(/[^ -~]/g, '')}`,
            'x-forwarded-for': ADDRESSES[sent++ % 2]![0],
          },
          body: JSON.stringify(batch),
        });
        const { results = [] } = (await response.json()) as { results?: { status: string }[] };
        outcomes[response.status] = (outcomes[response.status] ?? 0) + 1;
        for (const { status } of results) outcomes[status] = (outcomes[status] ?? 0) + 1;
      }
    }
    // A withdrawal, which goes to the control records; of somebody else, so that the others' events stay.
    await fetch(`${program.collector}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', 'x-forwarded-for': ADDRESSES[0]![0] },
      body: JSON.stringify(aBatch([], { visitor_id: 'visitor-9', withdrawn: { at: new Date().toISOString() } })),
    });
    // Else nothing would be looked for in what is kept of them.
    for (const outcome of ['accepted', 'failed', 'filtered', '200', '400']) expect(outcomes).toHaveProperty(outcome);
    const isLoaded = async (): Promise<boolean> =>
      Number((await askProgram('SELECT count(*) AS n FROM events', { data }))[0]?.n) === outcomes.accepted;
    await until(isLoaded, 'what was accepted is in the tables');
    // Then by every way in which a visitor asks for rights; once the events above are loaded, for it erases.
    const { collector } = program;
    const asked = new Set<string>();
    for (const [index, [text]] of CANARIES.entries()) {
      const code = AS_CODE[index % AS_CODE.length]!;
      for (const answer of await askUnproven({ collector, text, code, address: ADDRESSES[index % 2]![0] }))
        asked.add(answer);
    }
    // All in one text: each of these changes the tables, which takes its time.
    const all = CANARIES.map(([sent]) => sent).join(' | ');
    for (const answer of await askProven({ collector, text: all, code: '', address: ADDRESSES[0]![0] }))
      asked.add(answer);
    for (const answer of ASKED) expect([...asked]).toContain(answer);
    // And whatever else both listeners can be asked, by nobody and by an operator.
    const bearer = (JSON.parse(await readFile(dataFolder(data).secrets, 'utf8')) as { readonly admin: string }).admin;
    const everything = new Set<string>();
    for (const text of [all, CANARIES[0]![0]])
      for (const part of ['collector', 'console'] as const)
        for (const by of [undefined, bearer])
          for (const answer of await askEverything({ origin: program[part], text, ...(by && { bearer: by }) }))
            everything.add(answer);
    for (const answer of EVERYTHING) expect([...everything]).toContain(answer);
    const pushed = otlp.pushes.length;
    await until(() => otlp.pushes.length >= pushed + 4, 'both parts have pushed');
    told.otlp = JSON.stringify(otlp.pushes, (_, value) => (value instanceof Map ? [...value] : value));
    for (const part of ['collector', 'console'] as const)
      told[`metrics of ${part}`] = await (await fetch(`${program[part]}/metrics`)).text();
  } finally {
    await program.child.stop();
    told.output = program.child.output();
    await otlp.stop();
  }
  const files = await filesOf(data);
  const rows = await rowsOf(data);
  await rm(root, { recursive: true });
  const sinks = { ...told, ...files, ...rows };
  const held = Object.entries(sinks).flatMap(([sink, text]) =>
    NEEDLES.filter((needle) => text.includes(needle)).map((needle) => `${sink}: ${needle}`),
  );
  expect(held).toEqual([]);

  // Every kind of sink was there, and would have shown it: what the scrubber left in its place is seen.
  const names = Object.keys(sinks).join('\n');
  for (const sink of [
    /^log\/collector-0\//m,
    /^receipts\/collector-0\//m,
    /^control\//m,
    /^audit\/reader\//m,
    /^output$/m,
    /^otlp$/m,
  ])
    expect(names).toMatch(sink);
  const log = Object.entries(files).find(([name]) => name.startsWith('log/'))?.[1];
  const shown: Readonly<Record<string, string | undefined>> = { ...rows, log };
  const marks = ['[email]', '[phone]', '[card]', '[iban]', '[nir]', '[jwt]', '[token]'];
  for (const sink of ['log', 'table events', 'table failed', 'sealed events', 'sealed failed'] as const)
    expect([sink, marks.filter((mark) => !shown[sink]?.includes(mark))]).toEqual([sink, []]);
  for (const network of ['203.0.113.0/24', '2001:db8:77::/48'])
    expect(rows['table events']?.includes(network)).toBe(true);
}, 180_000);
