import { createAddressMatch } from './client_address.ts';

/** Headers by which a proxy shows itself. One that hides is not seen here: it should not pass `/metrics` on at all. */
const PROXY_HEADERS = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via'];

/** Whether a request may read metrics, by the socket's address and its headers. */
export type MetricsGuard = (address: string | undefined, header: (name: string) => string | undefined) => boolean;

/**
 * Lets through the scraper beside the process, and nobody else: no address outside the blocks, and nothing that came
 * through a proxy, whose own address says nothing of who asks.
 *
 * @param blocks CIDR blocks
 */
export function createMetricsGuard(blocks: readonly string[]): MetricsGuard {
  const isNear = createAddressMatch(blocks);
  return (address, header) =>
    address !== undefined && isNear(address) && PROXY_HEADERS.every((name) => header(name) === undefined);
}
