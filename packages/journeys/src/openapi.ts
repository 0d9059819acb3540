import { CONSOLE } from '@parcours/protocol';
import { type AppDescription, type OpenApi, openApiOf, type Router } from '@parcours/protocol/openapi';
import { z } from 'zod';
import manifest from '../package.json' with { type: 'json' };

/** The private listener as an OpenAPI 3.1 document, read from its own routes. */
export const consoleOpenApi = (app: Router): OpenApi => openApiOf(app, ABOUT);

/** Set on every answer, nearly all by `secureHeaders`. */
const SECURE = {
  'x-request-id': 'Names the request in the log.',
  'content-security-policy': 'What the page may load: nothing but its own.',
  'cross-origin-opener-policy': 'No other page shares its window.',
  'cross-origin-resource-policy': 'No other page may load it.',
  'origin-agent-cluster': 'Kept apart from other origins.',
  'referrer-policy': 'Links to other sites tell nothing of where they stood.',
  'strict-transport-security': 'Once over TLS, always.',
  'x-content-type-options': 'It is what its content type says.',
  'x-dns-prefetch-control': 'No names are looked up ahead.',
  'x-download-options': 'Downloads do not run in its place.',
  'x-frame-options': 'No other page frames it.',
  'x-permitted-cross-domain-policies': 'No policy of other programs.',
  'x-xss-protection': 'The old filter of browsers is off.',
};

const ABOUT: AppDescription = {
  title: 'Parcours console',
  version: manifest.version,
  description:
    'The private listener: pages, reports and queries. Meant for the machine itself, or behind a front with TLS.',
  tags: {
    pages: 'Pages for people, in English and French.',
    access: 'Signing in and out.',
    live: 'What the live page shows.',
    reports: 'Questions to the tables.',
    privacy: 'What is held of somebody: found, handed over, erased.',
    operation: 'Whether the reader lives.',
  },
  errors: CONSOLE,
  everywhere: ['host_not_allowed', 'internal'],
  refused: ['unauthorised', 'role_not_allowed', 'cross_site'],
  elsewhere: ['host_not_allowed', 'cross_site', 'not_found'],
  pagesElsewhere: { 404: 'A page that says so, where the browser asks for one.' },
  headers: {
    ...Object.fromEntries(
      Object.entries(SECURE).map(([name, description]) => [name, { description, schema: z.string() }]),
    ),
    'cache-control': { description: 'Whether a copy may be kept: not of what is for whoever is signed in.' },
    'set-cookie': { description: 'The session or the language of a browser, where it is new, or ends.' },
  },
  securitySchemes: {
    bearer: {
      type: 'http',
      scheme: 'bearer',
      description: 'A console secret, or the `admin` token of `secrets.json`.',
    },
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: 'parcours_session',
      description: 'What signing in gives a browser; the name ends in digits of its own for each data folder.',
    },
  },
  securityOfRoles: ['bearer', 'session'],
};
