import type { ClientContext } from '@parcours/store/log';
import type { Gate } from './gates.ts';

/**
 * What a request tells of the device, as far as all that is kept of its batch lets it pass: it stands once for all events.
 * Where nothing is kept, nobody gave leave to say anything.
 */
export function gateClient(client: ClientContext, gates: Iterable<Gate>): ClientContext {
  let isKept = false;
  let gated: { -readonly [Field in keyof ClientContext]: ClientContext[Field] } | undefined;
  for (const { closedClient } of gates) {
    isKept = true;
    for (const field of closedClient) {
      gated ??= { ...client };
      delete gated[field];
    }
  }
  if (!isKept) return { bot: client.bot };
  return gated ?? client;
}
