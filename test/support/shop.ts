import { startChild } from './child.ts';
import { freePort } from './free_port.ts';

/** The example shop, running. */
export interface Shop {
  /** Such as `http://localhost:40124`. */
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Starts the example shop as its users do, with plain Node.
 *
 * @param port      of an origin that the collector was told of; default a free one
 * @param collector origin of the collector
 */
export async function startShop({
  port,
  collector,
}: {
  readonly port?: number;
  readonly collector: string;
}): Promise<Shop> {
  const env = { SHOP_PORT: String(port ?? (await freePort())), COLLECTOR_URL: collector };
  const child = startChild(process.execPath, ['examples/shop/server.mjs'], { env });
  const [, origin = ''] = await child.saw(/^shop: (http:\S+)$/m);
  return {
    origin,
    stop: async () => {
      await child.stop();
    },
  };
}
