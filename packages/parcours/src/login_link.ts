import type { LoginLink } from '@parcours/journeys';

/**
 * Asks the reader for a link that signs a browser in once, within ten minutes.
 *
 * @param console origin of the private listener
 * @param admin   the machine's own token
 * @returns undefined where the reader does not answer, or refuses: nothing depends on it
 */
export async function askLoginLink(console: string, admin: string): Promise<string | undefined> {
  const headers = { authorization: `Bearer ${admin}` };
  const answer = await fetch(`${console}/v1/login-links`, { method: 'POST', headers }).catch(() => undefined);
  return answer?.ok ? ((await answer.json()) as LoginLink).url : undefined;
}
