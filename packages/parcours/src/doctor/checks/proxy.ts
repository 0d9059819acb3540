import { addressVerdict, MADE_UP_HEADERS } from '../address_verdict.ts';
import { defineCheck } from '../check.ts';
import { diagnose } from '../diagnose.ts';

const CACHED = 'the answer came from a cache: see the line cookie';

/** Whether every visitor counts as himself: the address limits how much one may send, and tells the network. */
export const proxy = defineCheck({
  name: 'proxy',
  about:
    'The address that the collector takes a visitor for, asked through the public address with made-up headers as a cheat would send them.',
  faults: {
    not_trusted: {
      verdict: 'red',
      means:
        'A proxy stands in front and is not believed: all visitors count as one, share one rate limit, and have no network.',
      fix: 'configure {settings}, and restart',
    },
    too_low: {
      verdict: 'red',
      means: 'There are more proxies than are believed: all visitors count as the outer proxy, or as nobody.',
      fix: 'configure {settings}, and restart',
    },
    too_high: {
      verdict: 'red',
      means:
        'There are fewer proxies than are believed: a visitor can write any address he likes, and have limits of his own for each.',
      fix: 'configure {settings}, and restart',
    },
    list_misses: {
      verdict: 'red',
      means: 'A proxy is missing in the list: all visitors count as that proxy, or as nobody.',
      fix: 'configure {settings}, and restart',
    },
    list_too_wide: {
      verdict: 'red',
      means: 'The list of proxies holds visitors too: they can write any address they like.',
      fix: 'list the proxies alone: configure {settings}, and restart',
    },
    other_header: {
      verdict: 'red',
      means: 'The proxy tells the address in another header than the one that is read.',
      fix: 'configure {settings}, and restart; or let the proxy append to X-Forwarded-For',
    },
    no_header: {
      verdict: 'red',
      means:
        'The proxy tells no address, or passes on what the visitor wrote: all visitors count as one, or as whoever they like.',
      fix: 'let the proxy append it (nginx: proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; HAProxy: option forwardfor), then configure "trustProxy": 1, and restart',
    },
    believes_anyone: {
      verdict: 'red',
      means: 'What a visitor writes into a header is believed: he can be whoever he likes.',
      fix: 'configure {settings}, and restart; where a proxy is meant to stand in front, let nobody reach the collector past it',
    },
  },
  async run(context, tell) {
    if (!context.url) return { notChecked: 'give the public address with --url' };
    const asked = await diagnose(context, context.url, MADE_UP_HEADERS);
    if ('reason' in asked) return { notChecked: asked.reason };
    if (asked.isCached) return { notChecked: CACHED };
    const plain = await diagnose(context, context.url, {});
    if ('reason' in plain) return { notChecked: plain.reason };
    if (plain.isCached) return { notChecked: CACHED };
    const { fault, chain, inForce, settings } = addressVerdict(asked.diagnosis, plain.diagnosis, asked.answer.own);
    const found = `${chain}; in force: ${inForce}`;
    if (!fault) return { found, faults: [] };
    const values = {
      settings: JSON.stringify(settings ?? {})
        .slice(1, -1)
        .replaceAll(',"', ', "')
        .replaceAll('":', '": '),
    };
    return { found, faults: [tell(fault, found, { values, ...(settings && { settings }) })] };
  },
});
