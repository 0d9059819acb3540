import { hostname } from 'node:os';
import { createAlerts } from '../alerts/alerts.ts';
import type { AlertOptions } from '../alerts/options.ts';
import { readingsOf } from '../alerts/readings.ts';
import { createWebhook } from '../alerts/webhook.ts';
import { createWindow } from '../alerts/window.ts';
import { diskOf } from '../disk.ts';
import { version } from '../version.ts';
import type { ProgramLog } from './program_log.ts';
import type { ProgramStatus } from './status.ts';
import type { Supervised } from './supervise.ts';

const TELL_MS = 1_000;

/**
 * Keeps an eye on the whole program from the parent, which has little to do and dies last: tells every part once a second
 * how all of them are, and raises the alarm where something passes its limit. Returns its stop.
 */
export function startWatch({
  parts,
  data,
  alerts: options,
  log,
}: {
  readonly parts: readonly Supervised[];
  readonly data: string;
  readonly alerts: AlertOptions;
  readonly log: ProgramLog;
}): () => void {
  const startedAt = Date.now();
  const alerts = createAlerts();
  const window = createWindow(options.windowSeconds * 1000);
  const webhook =
    options.webhook === undefined
      ? undefined
      : createWebhook({
          address: options.webhook,
          source: hostname(),
          onFailure: (alert, reason) => log.error(`the webhook was not told of the alert ${alert}: ${reason}`),
        });

  const statusNow = async (): Promise<Omit<ProgramStatus, 'alerts'>> => {
    const disk = await diskOf(data);
    return { startedAt, version, parts: parts.map((part) => part.status()), ...(disk && { disk }) };
  };
  const tell = async (): Promise<void> => {
    const status = { ...(await statusNow()), alerts: alerts.active() };
    for (const part of parts) part.tell(status);
  };
  const look = async (): Promise<void> => {
    const status = await statusNow();
    const now = Date.now();
    window.take(status, now);
    for (const change of alerts.look(readingsOf(status, options, { now, window }), now)) {
      const { name: alert, state, value, limit, text } = change;
      if (state === 'firing') log.error(text, { alert, state, value, limit });
      else log.info(`over: ${alert}`, { alert, state, value, limit });
      webhook?.send(change);
    }
  };
  const timers = [setInterval(() => void tell(), TELL_MS), setInterval(() => void look(), options.everySeconds * 1000)];
  return () => {
    for (const timer of timers) clearInterval(timer);
    webhook?.stop();
  };
}
