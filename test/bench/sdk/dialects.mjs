import { gunzipSync } from 'node:zlib';
import { parseEvent } from '../../../packages/protocol/dist/schema.js';
import { POLICY } from './policy.mjs';

/**
 * How each tracker talks: `text` reads a request's body so that the marks of its events can be found in it, `reply` gives
 * the answer that its own server would give, as far as the tracker looks at it.
 *
 * @typedef {object} Request
 * @property {string} method
 * @property {string} path
 * @property {Buffer} body
 *
 * @typedef {object} Dialect
 * @property {(request: Request) => string} text
 * @property {(request: Request) => { readonly type?: string, readonly body: string }} reply
 */

const plain = ({ body }) => body.toString();

const json = (value) => ({ type: 'application/json', body: JSON.stringify(value) });

/** Each event judged as the collector does, by the schemas of the protocol: what is not valid has not arrived. */
const valid = ({ events }) => events.map((event) => ({ event, ...parseEvent(event) }));

/** In place of the signature that a collector makes: as many characters, given once for each choice that is told. */
const RECEIPT = 'r'.repeat(22);

function answerBatch({ events, stamps }) {
  const results = valid({ events }).map(({ event, ok, code }) => ({
    event_id: event.event_id,
    ...(ok ? { status: 'accepted' } : { status: 'failed', code }),
  }));
  const receipts = stamps.map(({ receipt }) => (receipt === undefined ? RECEIPT : null));
  return { results, ...(receipts.some((receipt) => receipt !== null) && { receipts }) };
}

/** @type {Readonly<Record<string, Dialect>>} */
export const DIALECTS = {
  parcours: {
    text: (request) =>
      valid(JSON.parse(plain(request)))
        .filter(({ ok }) => ok)
        .map(({ event }) => JSON.stringify(event))
        .join('\n'),
    reply: (request) => json(request.method === 'GET' ? POLICY : answerBatch(JSON.parse(plain(request)))),
  },

  /** Events of one's own are JSON in the field `ue_pr`. */
  snowplow: {
    text: plain,
    reply: () => ({ type: 'text/plain', body: 'ok' }),
  },

  /** Bodies are gzip, whatever their type says; configuration and flags come with everything extra switched off. */
  posthog: {
    text: ({ body }) => (body[0] === 0x1f ? gunzipSync(body) : body).toString(),
    reply: ({ path }) => {
      const config = { supportedCompression: ['gzip-js'], hasFeatureFlags: false, sessionRecording: false };
      const flags = { flags: {}, featureFlags: {}, errorsWhileComputingFlags: false };
      if (path.endsWith('/config.js')) {
        const remote = JSON.stringify({ phc_bench: { config, siteApps: [] } });
        return { type: 'text/javascript', body: `window._POSTHOG_REMOTE_CONFIG=${remote}` };
      }
      if (path.endsWith('/config')) return json(config);
      return path.startsWith('/flags') ? json({ ...config, ...flags }) : json({ status: 'Ok' });
    },
  },

  segment: {
    text: plain,
    reply: ({ path }) =>
      path.endsWith('/settings')
        ? json({ integrations: { 'Segment.io': { apiKey: 'bench', unbundledIntegrations: [] } }, plan: {} })
        : json({ success: true }),
  },

  openpanel: { text: plain, reply: () => json({ deviceId: 'bench', sessionId: 'bench' }) },
};
