import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import type { LoginLink } from '@parcours/journeys';

/**
 * Asks the reader for a link that signs a browser in once, within ten minutes.
 *
 * @param console origin of the private listener
 * @param admin   the machine's own token
 * @returns undefined where the reader does not answer, or refuses: nothing depends on it
 */
export async function askLoginLink(console: string, admin: string): Promise<string | undefined> {
  try {
    // Not by `fetch`: to load it costs a start more than the rest of what the parent does.
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${admin}` };
      request(`${console}/v1/login-links`, { method: 'POST', headers }, resolve).on('error', reject).end();
    });
    const told = (await json(answer)) as LoginLink;
    return answer.statusCode === 200 ? told.url : undefined;
  } catch {
    return undefined;
  }
}
