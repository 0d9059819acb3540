import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCollector } from '@parcours/collector';
import { createLiveFeed } from '@parcours/journeys';
import { createLoader, openDuckDb } from '@parcours/store';
import { openLog } from '@parcours/store/log';
import { parser } from '@prometheus-io/lezer-promql';
import type { Registry } from 'prom-client';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { followControl } from '../control_feed.ts';
import { dataFolder } from '../data_folder.ts';
import { createLogger } from '../logger.ts';
import { type Family, familyOf, metricsGuide } from './guide.ts';
import { createProcessRegistry } from './process.ts';
import { programMetrics } from './program.ts';
import { readerMetrics } from './reader.ts';
import { retentionMetrics } from './retention.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string };
}

let collector: readonly Family[];
let reader: readonly Family[];
let rules: readonly Rule[];

/** The same registries as the two processes fill. */
beforeAll(async () => {
  const root = await mkdtemp(join(tmpdir(), 'parcours-guide-'));
  const folder = dataFolder(root);
  const ofCollector = createProcessRegistry({ part: 'collector', data: root });
  programMetrics(ofCollector, () => undefined);
  const log = await openLog({ folder: join(folder.logs, 'collector-0') });
  createCollector({ sites: [], log, cookieSecret: Buffer.alloc(32), registry: ofCollector });
  const logger = createLogger('error', 'test');
  const feeds = [await followControl(folder, { logger, registry: ofCollector })];
  const ofReader = createProcessRegistry({ part: 'reader', data: root });
  programMetrics(ofReader, () => undefined);
  const engine = await openDuckDb({ path: folder.database, folder: folder.store });
  const metrics = readerMetrics(ofReader, { folder, feed: createLiveFeed() });
  metrics.follow(createLoader({ logs: folder.logs, engine }));
  retentionMetrics(ofReader, undefined);
  feeds.push(await followControl(folder, { logger, registry: ofReader }));
  collector = familiesOf(ofCollector);
  reader = familiesOf(ofReader);
  for (const feed of feeds) await feed.stop();
  await engine.close();
  await log.close();
  await rm(root, { recursive: true });
  const file = new URL('../../../../deploy/prometheus/alerts.yml', import.meta.url);
  rules = parse(await readFile(file, 'utf8')).groups.flatMap((group: { rules: Rule[] }) => group.rules);
});

const familiesOf = (registry: Registry): readonly Family[] =>
  registry
    .getMetricsAsArray()
    .map((metric) => metric as unknown as Omit<Family, 'labels'> & { readonly labelNames: readonly string[] })
    .map(({ name, type, help, labelNames }) => ({ name, type, help, labels: labelNames }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** The metrics that an expression asks, by Prometheus' own grammar; throws where it cannot be parsed. */
function metricsOf(expression: string): ReadonlySet<string> {
  const found = new Set<string>();
  parser.parse(expression).iterate({
    enter(node) {
      if (node.type.isError) throw new Error(`not PromQL at ${node.from}: ${expression}`);
      if (node.name === 'Identifier') found.add(expression.slice(node.from, node.to));
    },
  });
  return found;
}

describe('the metrics', () => {
  it('are at least 25 of our own, each with a help text and a name that ends in its unit', () => {
    const own = [...collector, ...reader].filter(({ name }) => name.startsWith('parcours_'));
    expect(new Set(own.map(({ name }) => name)).size).toBeGreaterThanOrEqual(25);
    for (const { name, type, help } of own) {
      expect([name, help.length > 10]).toEqual([name, true]);
      // Only a counter ends in `_total`, and each does.
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
      // A unit stands at the end, before `_total`.
      expect(name).not.toMatch(/_(seconds|bytes|rows|records)_(?!total$)/);
    }
  });

  it('are what the page says', async () => {
    const named = rules.map(({ alert, expr }) => ({ alert, metrics: metricsOf(expr) }));
    await expect(metricsGuide({ collector, reader }, named)).toMatchFileSnapshot('../../../../docs/operate/metrics.md');
  });
});

describe('the alert rules', () => {
  it('are PromQL over metrics that exist, by labels that these have', () => {
    const families = new Map([...collector, ...reader].map((family) => [family.name, family]));
    for (const { alert, expr } of rules) {
      const metrics = metricsOf(expr);
      expect([alert, metrics.size > 0]).toEqual([alert, true]);
      for (const metric of metrics) {
        const family = families.get(metric) ?? families.get(familyOf(metric));
        expect([alert, metric, family !== undefined]).toEqual([alert, metric, true]);
        expect([alert, metric, family?.type === 'histogram']).toEqual([alert, metric, metric !== family?.name]);
      }
      const labels = new Set([...metrics].flatMap((metric) => families.get(familyOf(metric))?.labels ?? []));
      for (const [, label = ''] of expr.matchAll(/(\w+)(?:=~|=")/g))
        expect([alert, label, labels.has(label)]).toEqual([alert, label, true]);
    }
  });

  it('have a name and a sentence each', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { annotations } of rules) expect(annotations.summary).toMatch(/\.$/);
  });
});
