import { createRequire } from 'node:module';
import { lowerPriority } from '../../../packages/parcours/src/processes/lower_priority.ts';
import { startChild } from '../../support/child.ts';

const AUTOCANNON = createRequire(import.meta.url).resolve('autocannon');

/** After all others where there is not processor time for all. */
const FLOOD_NICE = 19;

/** What became of a flood. */
export interface Flood {
  /** From before it began until it was over. */
  readonly tookSeconds: number;
  /** Answers by status. */
  readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>;
  readonly errors: number;
}

export interface FloodOptions {
  readonly url: string;
  readonly body: string;
  readonly connections: number;
  /** Whole seconds. */
  readonly seconds: number;
  /** Requests a second; default: as many as are answered. */
  readonly rate?: number;
}

/**
 * Sends one batch again and again, over many connections, each at once after its answer. A process of its own, and after all
 * others where there is not processor time for all: what it takes from the machine is not to be taken for the collector's doing.
 */
export async function flood({ url, body, connections, seconds, rate }: FloodOptions): Promise<Flood> {
  const load = ['--connections', `${connections}`, '--duration', `${seconds}`, '--method', 'POST', '--body', body];
  if (rate !== undefined) load.push('--overallRate', `${rate}`);
  const form = ['--headers', 'content-type=text/plain', '--timeout', '30', '--json', '--no-progress'];
  const child = startChild(process.execPath, [AUTOCANNON, ...load, ...form, url]);
  lowerPriority(child.pid, FLOOD_NICE);
  const began = performance.now();
  await child.ended;
  const [json = ''] = /^\{.*\}$/m.exec(child.output()) ?? [];
  return { ...JSON.parse(json), tookSeconds: (performance.now() - began) / 1_000 } as Flood;
}
