import { described, type Operation } from '@parcours/protocol/openapi';
import type { Engine } from '@parcours/store';
import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { streamSSE } from 'hono/streaming';
import type { LiveFeed, LiveLine } from '../live/feed.ts';
import { recentLines } from '../live/recent.ts';
import { funnel, funnelOptions, funnelResult } from '../reports/funnel.ts';
import stylesheet from './assets/console.css?raw';
import script from './assets/live.js?raw';
import { IN_LANGUAGE, languageOf } from './language.ts';
import { Layout } from './layout.tsx';
import { liveText } from './live_text.ts';

/** Lines of one message at the most: a page cannot follow more, and says how many it left out. */
const MAX_LINES = 50;
/** Ms between messages, and between signs of life while nothing happens. */
const PACE_MS = 200;
const HEARTBEAT_MS = 15_000;

/** The way to an order, in GA4's names. */
const SHOP_FUNNEL = funnelOptions.parse({ steps: ['view_item', 'add_to_cart', 'begin_checkout', 'purchase'] });

const PAGE: Operation = {
  id: 'showLive',
  tag: 'pages',
  summary: 'The live page: events as they arrive, and the funnel of the last seven days',
  ...IN_LANGUAGE,
  answers: { 200: { description: 'The page.', type: 'text/html' } },
};

const asset = (id: string, summary: string, type: string): Operation => ({
  id,
  tag: 'pages',
  summary,
  answers: { 200: { description: 'The file.', type } },
});

const FUNNEL: Operation = {
  id: 'getLiveFunnel',
  tag: 'live',
  summary: 'The funnel of the live page: the way to an order, in the last seven days',
  answers: { 200: { description: 'The funnel.', schema: funnelResult } },
};

const EVENTS: Operation = {
  id: 'followLiveEvents',
  tag: 'live',
  summary: 'Lines of the live page as they arrive',
  description:
    'Server-Sent Events named `lines`, whose data is JSON: `{ "lines": [{ received_at, site, type, decision, detail, count }], "skipped": 0 }`. The newest lines come first, then those that arrive; without any, one empty message each 15 seconds.',
  answers: {
    200: {
      description: 'The stream; it does not end.',
      type: 'text/event-stream',
      headers: {
        'cache-control': { description: 'Nothing of it may rest in a cache.' },
        connection: { description: 'Stays open.' },
        'transfer-encoding': { description: 'In pieces.' },
      },
    },
  },
};

/** `/`: the live view. `/live/events`: its stream (Server-Sent Events). `/live/funnel`: its funnel. */
export function livePage(app: Hono, { engine, feed }: { readonly engine: Engine; readonly feed: LiveFeed }): void {
  app.get(
    '/',
    described(PAGE, (context: Context) => {
      const language = languageOf(context);
      const text = liveText[language];
      return context.html(
        html`<!doctype html>${(
          <Layout title={text.title} language={language} skip={text.skip}>
            <h1>{text.title}</h1>
            <p>{text.intro}</p>
            <div class="bar">
              <button id="toggle" type="button" aria-pressed="false">
                {text.pause}
              </button>
              <span id="status" role="status" />
            </div>
            <table>
              <caption>{text.caption}</caption>
              <thead>
                <tr>
                  {text.columns.map((column) => (
                    <th scope="col">{column}</th>
                  ))}
                </tr>
              </thead>
              <tbody id="lines" data-text={JSON.stringify(text)} />
            </table>
            <p id="empty">{text.waiting}</p>
            <h2>{text.funnel}</h2>
            <table class="figures">
              <caption>{text.funnelNote}</caption>
              <thead>
                <tr>
                  {text.funnelColumns.map((column) => (
                    <th scope="col">{column}</th>
                  ))}
                </tr>
              </thead>
              <tbody id="funnel" />
            </table>
            <script src="/assets/live.js" type="module" />
          </Layout>
        )}`,
      );
    }),
  );
  app.get(
    '/assets/live.js',
    described(asset('getLiveScript', 'The script of the live page', 'text/javascript'), (context: Context) =>
      context.body(script, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
    ),
  );
  app.get(
    '/assets/console.css',
    described(asset('getStylesheet', 'The stylesheet of all pages', 'text/css'), (context: Context) =>
      context.body(stylesheet, 200, { 'content-type': 'text/css; charset=utf-8' }),
    ),
  );
  app.get(
    '/live/funnel',
    described(FUNNEL, async (context: Context) => context.json(await funnel(engine, SHOP_FUNNEL))),
  );
  app.get(
    '/live/events',
    described(EVENTS, (context: Context) =>
      streamSSE(context, async (stream) => {
        let waiting: LiveLine[] = [];
        let skipped = 0;
        const unsubscribe = feed.subscribe((lines) => {
          waiting.push(...lines);
          skipped += Math.max(0, waiting.length - MAX_LINES);
          waiting = waiting.slice(-MAX_LINES);
        });
        stream.onAbort(unsubscribe);
        // Watched first and asked second: what arrives in between is shown twice rather than not at all.
        waiting = [...(await recentLines(engine)), ...waiting];
        let silentMs = HEARTBEAT_MS;
        while (!stream.aborted) {
          if (waiting.length > 0 || silentMs >= HEARTBEAT_MS) {
            const data = JSON.stringify({ lines: waiting, skipped });
            waiting = [];
            skipped = 0;
            silentMs = 0;
            await stream.writeSSE({ event: 'lines', data });
          }
          await stream.sleep(PACE_MS);
          silentMs += PACE_MS;
        }
        unsubscribe();
      }),
    ),
  );
}
