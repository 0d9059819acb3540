import {
  addressHeader,
  checkSite,
  endpointPath,
  rateLimits,
  scriptPath,
  siteFields,
  trustProxy,
} from '@parcours/collector';
import { z } from 'zod';
import { alertOptions } from '../alerts/options.ts';
import { otelOptions } from '../otel/options.ts';

const port = z.int('must be a whole number from 0 to 65535').min(0).max(65_535);

const isOrigin = (url: string): boolean => URL.canParse(url) && new URL(url).origin === url;

/** One site as the file has it. Nothing secret is in the file: it is copied, mailed and kept in repositories. */
const site = siteFields
  .extend({
    // A list that is there and empty is a mistake; without one, keys are those that commands made.
    keys: z
      .array(z.string().min(1).max(200))
      .min(1)
      .default([])
      .describe('Public keys, besides those of parcours key create'),
    secretKeys: z
      .never('secret keys are not kept in this file; make one with: parcours key create --site <id> --secret')
      .optional()
      .describe('Not here: parcours key create --site <id> --secret'),
  })
  .superRefine(checkSite);

/** A site is set in one place. */
function idsOnce(sites: readonly { readonly id: string }[], context: z.RefinementCtx): void {
  sites.forEach(({ id }, at) => {
    const isFirst = sites.findIndex((other) => other.id === id) === at;
    if (!isFirst) context.addIssue({ code: 'custom', path: [at, 'id'], message: 'stands twice', input: id });
  });
}

/**
 * Everything that can be set, whether by file, environment or flag. Read and checked once, at boot.
 * A key that is not here is a mistake and stops the start. What each is for is said here, and nowhere else: the reference,
 * the JSON Schema and the help are made of it.
 */
export const config = z.strictObject({
  $schema: z.string().optional().describe('Where editors find the schema of this file'),
  port: port.default(8787).describe('Public listener; 0 takes a free port'),
  host: z.string().min(1).default('0.0.0.0').describe('Address of the public listener'),
  consolePort: port.default(8788).describe('Private listener; 0 takes a free port'),
  consoleHost: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address of the private listener: loopback, or that of a container whose port is published on loopback'),
  consoleUrl: z
    .url({ protocol: /^https?$/, error: 'must be an origin, such as https://console.shop.example' })
    .refine(isOrigin, 'must be an origin, without a path')
    .optional()
    .describe('Origin under which a front with TLS serves the console elsewhere, such as https://console.shop.example'),
  data: z.string().min(1).default('./data').describe('Folder of log, tables, sealed days and secrets'),
  networkDataReason: z
    .string()
    .min(20, 'must say why, in 20 characters or more')
    .optional()
    .describe(
      'Why the data folder may lie on a network file system all the same, such as one whose locks and syncs a contract promises; without it the program does not start there',
    ),
  sites: z
    .array(site)
    .superRefine(idsOnce)
    .default([])
    .describe('Sites that are received for, besides those of parcours site add'),
  trustProxy: trustProxy
    .default(false)
    .describe(
      'Whose word about the client’s address is taken: false for nobody’s, a number of proxies in front, or their addresses as CIDR blocks',
    ),
  addressHeader: addressHeader.describe('Header in which the proxy in front tells the client’s address'),
  scriptPath: scriptPath.optional().describe('Where p.js is served too, the other scripts beside it'),
  endpointPath: endpointPath.optional().describe('Where events are received too'),
  rateLimits: rateLimits.prefault({}).describe('How much one sender may ask for'),
  metricsFrom: z
    .array(z.union([z.cidrv4(), z.cidrv6()], 'must be a block of addresses such as 10.0.0.0/8'))
    .default(['127.0.0.0/8', '::1/128'])
    .describe('Blocks of addresses that may read /metrics'),
  logDays: z.int().min(1).max(365).default(7).describe('Days that a loaded segment of the log is kept'),
  queryMemoryMb: z.int().min(128).default(512).describe('Memory that the query engine may use, MB'),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('warn')
    .describe('Lines that are written: info has one for each request'),
  alerts: alertOptions.prefault({}).describe('When the program raises the alarm, and whom it tells'),
  otel: otelOptions.optional().describe('Where metrics are pushed by OpenTelemetry; default nowhere'),
});

/** The configuration in force. */
export type Config = Omit<z.output<typeof config>, '$schema'>;

/** The configuration as a file has it. */
export type ConfigInput = z.input<typeof config>;
