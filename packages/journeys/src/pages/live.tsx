import type { Engine } from '@parcours/store';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { api, type ConsoleOperation, page } from '../access/allow.ts';
import type { Journeys } from '../env.ts';
import { DECISIONS, type LiveFeed, type LiveLine } from '../live/feed.ts';
import { recentLines } from '../live/recent.ts';
import { funnel, funnelOptions, funnelResult } from '../reports/funnel.ts';
import type { ReportK } from '../reports/report_k.ts';
import { IN_LANGUAGE, languageOf } from './language.ts';
import { renderPage } from './layout.tsx';
import { liveText } from './live_text.ts';
import { Notice } from './parts/notice.tsx';
import { Scroll } from './parts/scroll.tsx';

/** Lines of one message at the most: a page cannot follow more, and says how many it left out. */
const MAX_LINES = 50;
/** Ms between messages, and between signs of life while nothing happens. */
const PACE_MS = 200;
const HEARTBEAT_MS = 15_000;
/** Ms between looks whether whoever watches still may: the end of a session ends its streams. */
const RECHECK_MS = 1_000;

/** The way to an order, in GA4's names. */
const SHOP_FUNNEL = funnelOptions.parse({ steps: ['view_item', 'add_to_cart', 'begin_checkout', 'purchase'] });

const PAGE: ConsoleOperation = {
  id: 'showLive',
  tag: 'pages',
  roles: ['analyst'],
  summary: 'The live page: events as they arrive, and the funnel of the last seven days',
  ...IN_LANGUAGE,
  answers: { 200: { description: 'The page.', type: 'text/html' } },
};

const FUNNEL: ConsoleOperation = {
  id: 'getLiveFunnel',
  tag: 'live',
  roles: ['analyst'],
  summary: 'The funnel of the live page: the way to an order, in the last seven days',
  answers: { 200: { description: 'The funnel.', schema: funnelResult } },
};

const EVENTS: ConsoleOperation = {
  id: 'followLiveEvents',
  tag: 'live',
  roles: ['analyst'],
  summary: 'Lines of the live page as they arrive',
  description:
    'Server-Sent Events named `lines`, whose data is JSON: `{ "lines": [{ received_at, site, type, decision, detail, count }], "skipped": 0 }`. The newest lines come first, then those that arrive; without any, one empty message each 15 seconds.',
  inQuery: {
    site: { description: 'Lines of one site only.', example: 'shop' },
    type: { description: 'Lines of one type of event only.', example: 'purchase' },
    decision: { description: 'Lines of one decision only.', schema: z.enum(DECISIONS), example: 'failed' },
  },
  answers: {
    200: {
      description: 'The stream; it ends with the session.',
      type: 'text/event-stream',
      headers: {
        'cache-control': { description: 'Nothing of it may rest in a cache.' },
        connection: { description: 'Stays open.' },
        'transfer-encoding': { description: 'In pieces.' },
      },
    },
  },
};

/** `/live`: the live view. `/live/events`: its stream (Server-Sent Events). `/live/funnel`: its funnel. */
export function livePage(
  app: Journeys,
  { engine, feed, reportK }: { readonly engine: Engine; readonly feed: LiveFeed; readonly reportK: ReportK },
): void {
  app.get(
    '/live',
    ...page(PAGE, (context) => {
      const language = languageOf(context);
      const text = liveText[language];
      return renderPage(context, {
        title: text.title,
        language,
        path: '/live',
        scripts: ['/assets/live.js'],
        children: (
          <>
            <div class="heading">
              <div>
                <h1>{text.title}</h1>
                <p class="lead">{text.intro}</p>
              </div>
              <div class="controls">
                <span id="status" role="status" />
                <button id="toggle" class="quiet" type="button" aria-pressed="false">
                  {text.pause}
                </button>
              </div>
            </div>
            <Notice kind="warn" id="no-script">
              {text.noScript}
            </Notice>
            <section class="card">
              <table class="lines">
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
              <p id="empty" class="empty">
                {text.waiting}
              </p>
            </section>
            <section class="card">
              <h2 id="funnel-title">{text.funnel}</h2>
              <p class="hint">{text.funnelNote}</p>
              <Scroll id="funnel-scroll" label={text.funnel}>
                <table class="figures">
                  <thead>
                    <tr>
                      {text.funnelColumns.map((column) => (
                        <th scope="col">{column}</th>
                      ))}
                    </tr>
                  </thead>
                  <tbody id="funnel" />
                </table>
              </Scroll>
            </section>
          </>
        ),
      });
    }),
  );
  app.get(
    '/live/funnel',
    ...api(FUNNEL, async (context) => context.json(await funnel(engine, SHOP_FUNNEL, reportK(undefined)))),
  );
  app.get(
    '/live/events',
    ...api(EVENTS, (context) => {
      const { site, type, decision } = context.req.query();
      // Before lines are counted and left out: the one that is looked for may be rare among thousands.
      const isWanted = (line: LiveLine): boolean =>
        (!site || line.site === site) && (!type || line.type === type) && (!decision || line.decision === decision);
      return streamSSE(context, async (stream) => {
        let waiting: LiveLine[] = [];
        let skipped = 0;
        const unsubscribe = feed.subscribe((lines) => {
          waiting.push(...lines.filter(isWanted));
          skipped += Math.max(0, waiting.length - MAX_LINES);
          waiting = waiting.slice(-MAX_LINES);
        });
        stream.onAbort(unsubscribe);
        // Watched first and asked second: what arrives in between is shown twice rather than not at all.
        waiting = [...(await recentLines(engine)).filter(isWanted), ...waiting];
        let silentMs = HEARTBEAT_MS;
        let uncheckedMs = 0;
        while (!stream.aborted) {
          if (uncheckedMs >= RECHECK_MS) {
            if (!(await context.get('isStillAllowed')())) break;
            uncheckedMs = 0;
          }
          if (waiting.length > 0 || silentMs >= HEARTBEAT_MS) {
            const data = JSON.stringify({ lines: waiting, skipped });
            waiting = [];
            skipped = 0;
            silentMs = 0;
            await stream.writeSSE({ event: 'lines', data });
          }
          await stream.sleep(PACE_MS);
          silentMs += PACE_MS;
          uncheckedMs += PACE_MS;
        }
        unsubscribe();
      });
    }),
  );
}
