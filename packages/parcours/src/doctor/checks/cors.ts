import { randomUUID } from 'node:crypto';
import { defineCheck, type Fault, type Tell } from '../check.ts';
import type { Context, SiteInForce } from '../context.ts';
import type { Answer } from '../http.ts';

type Code = 'missing' | 'twice' | 'other' | 'credentials' | 'preflight' | 'refused' | 'foreign' | 'vary';

/** An origin that no site has: nothing can be registered under `.invalid` (RFC 2606). */
const FOREIGN = 'https://elsewhere.invalid';

/** Whether pages may read what the collector answers: each origin by its name, exactly once, and nobody else. */
export const cors = defineCheck<Code>({
  name: 'cors',
  about:
    'For each origin of each site, a preflight and a batch that is judged and not stored, through the public address; and one of a foreign origin.',
  faults: {
    missing: {
      verdict: 'red',
      means:
        'The answer lacks Access-Control-Allow-Origin: browsers cannot read it, and send the same events again until they give up.',
      fix: 'let the proxy pass on Origin in requests and Access-Control-* in answers (nginx: no proxy_hide_header for them)',
    },
    twice: {
      verdict: 'red',
      means:
        'Access-Control-Allow-Origin is there more than once: browsers refuse the answer, and send the same events again until they give up.',
      fix: 'take the CORS headers out of the proxy: the collector sends them itself (nginx: remove add_header Access-Control-Allow-Origin)',
    },
    other: {
      verdict: 'red',
      means:
        'Access-Control-Allow-Origin names another origin, or all of them: browsers refuse it for requests that carry the cookie.',
      fix: "take the CORS headers out of the proxy; if the answer is another page's, cache nothing of {path}",
    },
    credentials: {
      verdict: 'red',
      means: 'Access-Control-Allow-Credentials is not exactly "true": browsers refuse the answer.',
      fix: 'take the CORS headers out of the proxy: the collector sends them itself',
    },
    preflight: {
      verdict: 'red',
      means: 'The preflight is not answered as the collector does: requests that need one are never sent.',
      fix: 'let the proxy pass on OPTIONS for {path}, and answer none itself',
    },
    refused: {
      verdict: 'red',
      means: 'The collector refuses what a page of this origin sends.',
      fix: 'list the origin and the key under the site in force: parcours site list, parcours key list',
    },
    foreign: {
      verdict: 'red',
      means: 'A page of any origin is allowed to read answers meant for your pages.',
      fix: 'take the CORS headers out of the proxy: the collector allows only the origins of your sites',
    },
    vary: {
      verdict: 'warning',
      means: 'Vary lacks Origin: a cache may give the answer of one origin to another.',
      fix: 'let the proxy leave Vary alone, or cache nothing of {path}',
    },
  },
  async run(context, tell) {
    const { url, sites } = context;
    if (!url) return { notChecked: 'give the public address with --url' };
    const origins = sites.flatMap((site) => site.origins.map((origin) => ({ site, origin })));
    if (origins.length === 0) return { notChecked: 'no site has an origin' };
    const faults: Fault[] = [];
    try {
      for (const { site, origin } of origins)
        faults.push(...(await checkOrigin({ ...context, url }, { site, origin }, tell)));
      faults.push(...(await checkForeign({ ...context, url }, tell)));
    } catch (error) {
      return { notChecked: (error as Error).message };
    }
    return {
      found: `${origins.map(({ origin }) => origin).join(', ')}: read and write; others: nothing`,
      faults: once(faults),
    };
  },
});

type Asked = Context & { readonly url: URL };

async function checkOrigin(
  { url, probes }: Asked,
  { site, origin }: { readonly site: SiteInForce; readonly origin: string },
  tell: Tell<Code>,
): Promise<readonly Fault[]> {
  const values = { path: url.pathname };
  const preflight = await probes.ask(url, { method: 'OPTIONS', headers: asPage(origin) });
  const faults = headerFaults(preflight, `preflight of ${origin}`, { origin, values, tell });
  const allows = list(preflight, 'access-control-allow-headers').map((name) => name.toLowerCase());
  const isAnswered = preflight.status < 300 && list(preflight, 'access-control-allow-methods').includes('POST');
  if (faults.length === 0 && !(isAnswered && allows.includes('content-type'))) {
    const found = `the preflight of ${origin} is answered with ${preflight.status} and without what is asked for`;
    return [tell('preflight', found, { values })];
  }
  const { question, to } = harmless(url, site, origin);
  const answer = await probes.ask(to, question);
  const ofPost = headerFaults(answer, `POST of ${origin}`, { origin, values, tell });
  if (ofPost.length > 0 || faults.length > 0) return [...faults, ...ofPost];
  if ([401, 403].includes(answer.status)) {
    return [tell('refused', `a batch of ${origin} for ${site.id} is refused: ${codeOf(answer.body)}`, { values })];
  }
  return [];
}

/** A request that shows the headers and stores nothing: judged where there is a way to be, else refused for its shape. */
function harmless(url: URL, site: SiteInForce, origin: string) {
  const [key] = site.keys;
  const isPlain = url.pathname === '/v1/events' && key !== undefined;
  const now = new Date().toISOString();
  const batch = {
    ...{ v: 1, site: site.id, key, sdk: 'doctor', sent_at: now },
    stamps: [{ purposes: ['audience'], source: 'manual', at: now }],
    events: [{ event_id: randomUUID(), type: 'page_view', occurred_at: now, stamp: 0, page: { url: `${origin}/` } }],
  };
  const headers = { origin, 'content-type': 'text/plain' };
  return {
    to: isPlain ? new URL('/v1/validate', url) : url,
    question: { method: 'POST', headers, body: isPlain ? JSON.stringify(batch) : '{}' },
  };
}

async function checkForeign({ url, probes }: Asked, tell: Tell<Code>): Promise<readonly Fault[]> {
  const answer = await probes.ask(url, { method: 'OPTIONS', headers: asPage(FOREIGN) });
  const allowed = list(answer, 'access-control-allow-origin');
  if (!allowed.includes(FOREIGN) && !allowed.includes('*')) return [];
  const found = `a foreign origin is allowed (Access-Control-Allow-Origin: ${allowed.join(', ')})`;
  return [tell('foreign', found, { values: { path: url.pathname } })];
}

const asPage = (origin: string): Record<string, string> => ({
  origin,
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'content-type',
});

/** Fetch, "CORS check": the origin byte for byte, and for requests with credentials exactly `true`. */
function headerFaults(
  answer: Answer,
  what: string,
  {
    origin,
    values,
    tell,
  }: { readonly origin: string; readonly values: Readonly<Record<string, string>>; readonly tell: Tell<Code> },
): readonly Fault[] {
  const allowed = list(answer, 'access-control-allow-origin');
  const told = `${what} (${answer.status})`;
  if (allowed.length === 0) return [tell('missing', `${told}: no Access-Control-Allow-Origin`, { values })];
  const named = `${told}: Access-Control-Allow-Origin: ${allowed.join(', ')}`;
  if (allowed.length > 1) return [tell('twice', named, { values })];
  if (allowed[0] !== origin) return [tell('other', named, { values })];
  const credentials = list(answer, 'access-control-allow-credentials');
  if (credentials.join() !== 'true') {
    return [
      tell('credentials', `${told}: Access-Control-Allow-Credentials: ${credentials.join(', ') || 'none'}`, { values }),
    ];
  }
  const vary = list(answer, 'vary').map((name) => name.toLowerCase());
  if (!vary.includes('origin') && !vary.includes('*'))
    return [tell('vary', `${told}: Vary: ${vary.join(', ') || 'none'}`, { values })];
  return [];
}

/** All values of a header that is a list, whether it came in one line or in several. */
const list = (answer: Answer, name: string): string[] =>
  answer
    .all(name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');

function codeOf(body: string): string {
  try {
    return (JSON.parse(body) as { error?: { code?: string } }).error?.code ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

/** The same fault at ten origins is one. */
const once = (faults: readonly Fault[]): readonly Fault[] =>
  faults.filter(({ code }, at) => faults.findIndex((other) => other.code === code) === at);
