import { defineCheck } from '../check.ts';
import { isLoopbackHost } from '../loopback_host.ts';

/** Whether the public address leads to a collector at all, as a browser must ask it. */
export const address = defineCheck({
  name: 'address',
  about: 'Whether the public address answers, over TLS, and whether it is the collector that does.',
  faults: {
    unreachable: {
      verdict: 'red',
      means: 'No browser can send anything. They keep their events, up to 7 days.',
      fix: 'see that the name has an address (getent hosts {host}), that the proxy runs, and that its certificate is valid for {host}',
    },
    not_ours: {
      verdict: 'red',
      means: 'Something answers, and it is not the collector: events are lost on whatever that is.',
      fix: 'let the proxy pass {path} on to the collector (POST, OPTIONS and GET), with its query, headers and body',
    },
    plain_http: {
      verdict: 'red',
      means: 'Pages over https may not send to an address over http, and the visitor cookie needs https.',
      fix: 'put TLS in front, and use https://{host}',
    },
  },
  async run({ url, probes }, tell) {
    if (!url) return { notChecked: 'give the public address with --url' };
    const values = { host: url.host, path: url.pathname };
    let status: number;
    try {
      // No batch: refused by a collector in its own words, and stored by nobody.
      const answer = await probes.ask(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' });
      status = answer.status;
      if (!isRefusal(answer.body)) {
        const found = `${url.href} is answered with ${status} by something that is not the collector`;
        return { found, faults: [tell('not_ours', found, { values })] };
      }
    } catch (error) {
      const found = (error as Error).message;
      return { found, faults: [tell('unreachable', found, { values })] };
    }
    const isPlain = url.protocol === 'http:' && !isLoopbackHost(url.hostname);
    const faults = isPlain ? [tell('plain_http', `${url.origin} is not https`, { values })] : [];
    return { found: `the collector answers at ${url.href}`, faults };
  },
});

function isRefusal(body: string): boolean {
  try {
    return typeof (JSON.parse(body) as { error?: { code?: unknown } }).error?.code === 'string';
  } catch {
    return false;
  }
}
