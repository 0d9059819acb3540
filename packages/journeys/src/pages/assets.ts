import { type OpenOperation, open } from '../access/allow.ts';
import type { Journeys } from '../env.ts';
import base from './assets/base.css?raw';
import exempt from './assets/exempt.css?raw';
import frame from './assets/frame.css?raw';
import fresh from './assets/fresh.js?raw';
import icon from './assets/icon.svg?raw';
import live from './assets/live.css?raw';
import liveScript from './assets/live.js?raw';
import login from './assets/login.css?raw';
import overview from './assets/overview.css?raw';
import parts from './assets/parts.css?raw';
import privacy from './assets/privacy.css?raw';
import reference from './assets/reference.css?raw';

const ASSETS = {
  'console.css': {
    id: 'getStylesheet',
    summary: 'The stylesheet of all pages',
    type: 'text/css; charset=utf-8',
    text: [base, frame, parts, login, overview, live, privacy, exempt, reference].join('\n'),
  },
  'live.js': {
    id: 'getLiveScript',
    summary: 'The script of the live page',
    type: 'text/javascript; charset=utf-8',
    text: liveScript,
  },
  'fresh.js': {
    id: 'getFreshScript',
    summary: 'The script by which pages bring themselves up to date',
    type: 'text/javascript; charset=utf-8',
    text: fresh,
  },
  'icon.svg': { id: 'getIcon', summary: 'The icon of all pages', type: 'image/svg+xml', text: icon },
} as const;

/** `/assets/*`: stylesheet, scripts and icon of the pages. They hold nothing of anybody, so everyone may ask them. */
export function assetRoutes(app: Journeys): void {
  for (const [name, { id, summary, type, text }] of Object.entries(ASSETS)) {
    const operation: OpenOperation = {
      id,
      tag: 'pages',
      summary,
      answers: {
        200: {
          description: 'The file.',
          type: type.split(';', 1)[0] as string,
          headers: { 'cache-control': { description: 'Asked for again before each use.' } },
        },
      },
    };
    app.get(
      `/assets/${name}`,
      ...open(operation, (context) => context.body(text, 200, { 'content-type': type, 'cache-control': 'no-cache' })),
    );
  }
}
