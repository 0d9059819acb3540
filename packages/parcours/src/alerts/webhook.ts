import type { AlertChange } from './alerts.ts';

/** Sends what it is given, one after the other, in its own time. */
export interface Webhook {
  /** Never blocks and never throws. */
  send(change: AlertChange): void;
  /** Lets go of what waits. */
  stop(): void;
}

export interface WebhookOptions {
  /** Checked already: its host is allowed. */
  readonly address: string;
  /** Which program tells: its machine. */
  readonly source: string;
  /** Told once the tries of a message are used up. */
  readonly onFailure: (name: string, reason: string) => void;
  readonly fetch?: typeof globalThis.fetch;
  /** Ms to wait before each further try. Default 1 s, 5 s, 25 s. */
  readonly pausesMs?: readonly number[];
}

const TIMEOUT_MS = 5_000;
/** Messages that wait at most: alerts are few, and old ones tell nothing. */
const MAX_WAITING = 50;

export function createWebhook({
  address,
  source,
  onFailure,
  fetch = globalThis.fetch,
  pausesMs = [1_000, 5_000, 25_000],
}: WebhookOptions): Webhook {
  const stopping = new AbortController();
  const waiting: AlertChange[] = [];
  let isSending = false;

  async function attempt(change: AlertChange): Promise<string | undefined> {
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(messageOf(change, source)),
        // Whoever answers must not choose where the next request goes.
        redirect: 'manual',
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      // What it answers is nobody's business here, however long it is.
      await response.body?.cancel();
      return response.ok ? undefined : `it answered ${response.status}`;
    } catch (error) {
      // The message of an error may hold the address, which is a secret.
      const { cause, name } = error as Error & { cause?: { code?: string } };
      return cause?.code ?? name;
    }
  }

  async function deliver(change: AlertChange): Promise<void> {
    let reason = await attempt(change);
    for (const pause of pausesMs) {
      if (reason === undefined || stopping.signal.aborted) return;
      await rest(pause, stopping.signal);
      if (stopping.signal.aborted) return;
      reason = await attempt(change);
    }
    if (reason !== undefined) onFailure(change.name, reason);
  }

  async function work(): Promise<void> {
    isSending = true;
    for (let change = waiting.shift(); change && !stopping.signal.aborted; change = waiting.shift())
      await deliver(change);
    isSending = false;
  }

  return {
    send(change) {
      if (waiting.length >= MAX_WAITING) waiting.shift();
      waiting.push(change);
      if (!isSending) void work();
    },
    stop() {
      waiting.length = 0;
      stopping.abort();
    },
  };
}

/** Slack, Teams and Mattermost show `text`; everything else is for machines. */
const messageOf = ({ name, state, value, limit, since, text }: AlertChange, source: string) => ({
  text: `Parcours on ${source}: ${text}`,
  alert: name,
  state,
  value,
  limit,
  since: new Date(since).toISOString(),
  source,
});

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    timer.unref();
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
