import type { EventResult } from '@parcours/protocol';
import type { Log } from '@parcours/store/log';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { logMetrics } from './log_metrics.ts';

/** The collector's accounts and timings, in Prometheus' text form. Names follow OpenTelemetry's manner: unit last. */
export interface Metrics {
  /** One answered batch: how each item ended. */
  batch(site: string, results: readonly EventResult[]): void;
  /** What the sender of an answered batch let go before. */
  dropped(site: string, dropped: readonly { readonly code: string; readonly count: number }[]): void;
  /** Items of a batch that the log could not take. */
  unstored(site: string, items: number, code: string): void;
  /** A batch that passed key and shape: who sent it, and its bytes, decompressed. */
  body(source: string, bytes: number): void;
  /** The scrubber blotted something out; what it was is not told. */
  scrubbed(rule: string): void;
  /** An event's time was moved to our clock. */
  clockCorrected(): void;
  /** A request was refused because its address or key asked for too much. */
  rateLimited(by: RateLimitedBy): void;
  /** A request with a body is in hand, from its first byte to its answer. */
  begin(): void;
  end(): void;
  request(status: number, code: string, seconds: number): void;
  /** Since the start, all sites together: what the program's overview and alerts ask. */
  accounts(): Accounts;
  text(): Promise<string>;
}

export type RateLimitedBy = 'address' | 'key' | 'secret' | 'link';

/** How items ended, since the start: received = accepted + duplicate + filtered + failed + retry. */
export interface Accounts {
  readonly received: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly filtered: number;
  readonly failed: number;
  readonly retry: number;
}

const KIB = 1024;

/** @param isDraining whether `/readyz` answers 503 because the process is about to end */
export function createMetrics(log: Log, registry = new Registry(), isDraining: () => boolean = () => false): Metrics {
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
  // Counted for every batch: handed over when somebody asks, for a label costs more than the count.
  let granted = 0;
  const consent = new Counter({
    name: 'parcours_consent_decisions_total',
    help: 'Items by what their consent stamp permits: granted, or the reason for which they are left out',
    labelNames: ['decision'],
    registers,
    collect() {
      if (granted > 0) this.inc({ decision: 'granted' }, granted);
      granted = 0;
    },
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
  const clocks = new Counter({
    name: 'parcours_clock_corrected_total',
    help: "Events whose time was moved because the sender's clock was wrong",
    registers,
  });
  const limited = new Counter({
    name: 'parcours_rate_limited_total',
    help: 'Requests refused with 429, by what asked for too much',
    labelNames: ['by'],
    registers,
  });
  const bodies = new Histogram({
    name: 'parcours_batch_body_bytes',
    help: 'Size of the batches that passed key and shape, decompressed',
    labelNames: ['source'],
    buckets: [KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, 1024 * KIB],
    registers,
  });
  const requests = new Histogram({
    name: 'parcours_request_duration_seconds',
    help: 'Time from the head of a request to its answer',
    labelNames: ['status', 'code'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  let inFlight = 0;
  new Gauge({
    name: 'parcours_requests_in_flight',
    help: 'Requests with a body that are being answered now',
    registers,
    collect() {
      this.set(inFlight);
    },
  });
  new Gauge({
    name: 'parcours_draining',
    help: '1 while the collector finishes what it has in hand, about to end',
    registers,
    collect() {
      this.set(Number(isDraining()));
    },
  });
  logMetrics(log, registry);

  const sums = { received: 0, accepted: 0, duplicate: 0, filtered: 0, failed: 0, retry: 0 };
  const receive = (site: string, count: number): void => {
    sums.received += count;
    received.inc({ site }, count);
  };
  const settle = (site: string, status: EventResult['status'], code: string, count: number): void => {
    sums[status] += count;
    items.inc({ site, status, code }, count);
  };
  const settleEach = (site: string, results: readonly EventResult[]): number => {
    let undecided = 0;
    for (const { status, code = '' } of results) {
      if (status === 'accepted') continue;
      settle(site, status, code, 1);
      if (status === 'filtered') consent.inc({ decision: code });
      // What is no object holds no stamp to judge.
      if (status === 'filtered' || code === 'not_an_object') undecided++;
    }
    return undecided;
  };
  return {
    batch(site, results) {
      receive(site, results.length);
      // Nearly every batch is accepted whole: one call instead of one an item.
      const accepted = results.filter(({ status }) => status === 'accepted').length;
      if (accepted > 0) settle(site, 'accepted', '', accepted);
      granted += results.length - (accepted === results.length ? 0 : settleEach(site, results));
    },
    dropped(site, dropped) {
      for (const { code, count } of dropped) drops.inc({ site, code }, count);
    },
    unstored(site, count, code) {
      receive(site, count);
      settle(site, 'retry', code, count);
    },
    body: (source, bytes) => bodies.observe({ source }, bytes),
    scrubbed: (rule) => scrubbed.inc({ rule }),
    clockCorrected: () => clocks.inc(),
    rateLimited: (by) => limited.inc({ by }),
    begin: () => void inFlight++,
    end: () => void inFlight--,
    request: (status, code, seconds) => requests.observe({ status, code }, seconds),
    accounts: () => ({ ...sums }),
    text: () => registry.metrics(),
  };
}
