import { isOpen, keysOf } from '@parcours/store/control';
import { defineCheck, type Fault } from '../check.ts';
import { isLoopbackHost } from '../loopback_host.ts';
import { formatMs } from '../numbers.ts';

/** Days before a key's end in which whoever uses it should get another. */
const SOON_MS = 14 * 86_400_000;

/** Who may send. */
export const keys = defineCheck({
  name: 'keys',
  about:
    'Sites without key or origin, keys that end soon, origins over http, and secret keys in the configuration file.',
  faults: {
    no_site: {
      verdict: 'red',
      means: 'There is no site: every event is refused.',
      fix: 'parcours site add shop --origin https://www.shop.example',
    },
    no_key: {
      verdict: 'red',
      means: 'The site has no key that is in force: every event of its pages is refused.',
      fix: 'parcours key create --site {site}',
    },
    no_origin: {
      verdict: 'warning',
      means: 'The site has no origin: servers may send, pages may not.',
      fix: 'parcours site add {site} --replace --origin https://www.shop.example; or "origins" in the configuration file, where the site stands there',
    },
    http_origin: {
      verdict: 'warning',
      means: 'Pages over http can be changed on their way, the key and the events with them.',
      fix: 'serve the shop over https, and replace {origin} by {secure}',
    },
    ends_soon: {
      verdict: 'warning',
      means: 'A key ends within two weeks: from then on what sends with it is refused.',
      fix: 'create its successor and put it where this one is used: parcours key rotate {key}',
    },
  },
  async run({ sites, control, probes }, tell) {
    if (sites.length === 0) return { found: 'no site', faults: [tell('no_site', 'no site is configured')] };
    const faults: Fault[] = [];
    for (const { id, keys: open, origins } of sites) {
      const values = { site: id };
      if (open.length === 0) faults.push(tell('no_key', `the site ${id} has no key`, { values }));
      if (origins.length === 0) faults.push(tell('no_origin', `the site ${id} has no origin`, { values }));
      for (const origin of origins) {
        if (!URL.canParse(origin)) continue;
        const { protocol, hostname, host } = new URL(origin);
        if (protocol !== 'http:' || isLoopbackHost(hostname)) continue;
        faults.push(
          tell('http_origin', `${origin} of ${id} is not https`, { values: { origin, secure: `https://${host}` } }),
        );
      }
    }
    for (const { created, ends_at } of (control ? keysOf(control, probes.now()) : []).filter(isOpen)) {
      const leftMs = ends_at === undefined ? Number.POSITIVE_INFINITY : Date.parse(ends_at) - probes.now();
      if (leftMs > SOON_MS) continue;
      faults.push(
        tell('ends_soon', `the key ${created.key} ends in ${formatMs(leftMs)}`, { values: { key: created.key } }),
      );
    }
    return { found: sites.map(({ id, keys: open }) => `${id}: ${open.length} public`).join(', '), faults };
  },
});
