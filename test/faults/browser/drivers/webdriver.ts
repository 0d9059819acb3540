/** One session of a browser's driver. */
export interface Session {
  /** One command, by its path below the session. */
  command(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown>;
}

/** The answer's key for an element. Source: W3C WebDriver, 12.2 elements. */
export const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** Ms that a browser may take to start. */
const START_MS = 30_000;

/**
 * Opens a session, or fails where the browser does not start.
 * Source: W3C WebDriver, 6.3 processing model.
 *
 * @param driver       origin of the driver that listens
 * @param capabilities what the browser must be
 */
export async function openSession(driver: string, capabilities: object): Promise<Session> {
  const ask = async (method: string, path: string, body?: object, patienceMs?: number): Promise<unknown> => {
    const response = await fetch(driver + path, {
      method,
      ...(body && { body: JSON.stringify(body) }),
      ...(patienceMs !== undefined && { signal: AbortSignal.timeout(patienceMs) }),
    });
    const { value } = (await response.json()) as {
      readonly value: { readonly error?: string; readonly message?: string };
    };
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}, ${value.message}`);
    return value;
  };
  const opened = await ask('POST', '/session', { capabilities: { alwaysMatch: capabilities } }, START_MS);
  const { sessionId } = opened as { readonly sessionId: string };
  return { command: (method, path, body) => ask(method, `/session/${sessionId}${path}`, body) };
}
