import type { EventResult } from '@parcours/protocol';
import type { Log } from '@parcours/store/log';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The collector's accounts and timings, in Prometheus' text form. Names follow OpenTelemetry's manner: unit last. */
export interface Metrics {
  /** One answered batch: how each item ended, and what the sender let go before. */
  batch(site: string, results: readonly EventResult[]): void;
  dropped(site: string, dropped: readonly { readonly code: string; readonly count: number }[]): void;
  /** Items of a batch that the log could not take. */
  unstored(site: string, items: number): void;
  /** The scrubber blotted something out; what it was is not told. */
  scrubbed(rule: string): void;
  request(status: number, code: string, seconds: number): void;
  text(): Promise<string>;
}

export function createMetrics(log: Log): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const received = new Counter({
    name: 'parcours_items_received_total',
    help: 'Items of batches that passed key and shape: accepted + duplicate + filtered + failed + retry',
    labelNames: ['site'],
    registers,
  });
  const items = new Counter({
    name: 'parcours_items_total',
    help: 'Items by how they ended',
    labelNames: ['site', 'status', 'code'],
    registers,
  });
  const drops = new Counter({
    name: 'parcours_sdk_dropped_total',
    help: 'Events that browsers let go for technical reasons, as they report',
    labelNames: ['site', 'code'],
    registers,
  });
  const scrubbed = new Counter({
    name: 'parcours_scrubbed_total',
    help: 'Texts in which personal data was blotted out, by rule',
    labelNames: ['rule'],
    registers,
  });
  const requests = new Histogram({
    name: 'parcours_request_duration_seconds',
    help: 'Time from the first byte of a request to its answer',
    labelNames: ['status', 'code'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('parcours_log_pending_bytes', 'Bytes that wait for the disk', () => log.stats().pendingBytes);
  gauge('parcours_log_backlog_bytes', 'Bytes on disk that the reader has not loaded', () => log.stats().backlogBytes);
  gauge('parcours_log_writable', '1 while the last write and sync succeeded', () => Number(log.stats().writable));
  gauge('parcours_log_groups_synced', 'Groups synced since the start', () => log.stats().groups);
  gauge('parcours_log_records_synced', 'Records synced since the start', () => log.stats().records);
  gauge('parcours_log_last_sync_seconds', 'Duration of the last fdatasync', () => log.stats().lastSyncMs / 1000);
  gauge('process_resident_memory_bytes', 'Memory of the process', () => process.memoryUsage.rss());

  const settle = (site: string, status: string, code: string, count: number): void => {
    items.inc({ site, status, code }, count);
  };
  return {
    batch(site, results) {
      received.inc({ site }, results.length);
      // Nearly every batch is accepted whole: one call instead of one an item.
      const accepted = results.filter(({ status }) => status === 'accepted').length;
      if (accepted > 0) settle(site, 'accepted', '', accepted);
      if (accepted === results.length) return;
      for (const { status, code } of results) if (status !== 'accepted') settle(site, status, code ?? '', 1);
    },
    dropped(site, dropped) {
      for (const { code, count } of dropped) drops.inc({ site, code }, count);
    },
    unstored(site, count) {
      received.inc({ site }, count);
      settle(site, 'retry', 'store_unavailable', count);
    },
    scrubbed: (rule) => scrubbed.inc({ rule }),
    request: (status, code, seconds) => requests.observe({ status, code }, seconds),
    text: () => registry.metrics(),
  };
}
