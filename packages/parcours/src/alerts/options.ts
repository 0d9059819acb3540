import { z } from 'zod';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Whether an address may be told alerts at all: TLS, or this very machine; no name and password in it. */
function isTellable(address: string): boolean {
  // What is no address at all is told as such already.
  if (!URL.canParse(address)) return true;
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
}

/** When the program itself raises the alarm, and whom it tells beside its log. A limit of 0 turns its alert off. */
export const alertOptions = z
  .strictObject({
    /** Address that each alert is sent to as JSON with a `text`, which Slack, Teams and Mattermost show. It is a secret. */
    webhook: z
      .url('must be an address such as https://hooks.example.com/…')
      .refine(isTellable, 'must be https, or http on this machine, without user and password')
      .optional(),
    /** Hosts that `webhook` may name, each as it stands in an address: with its port where it has one. */
    allowedHosts: z.array(z.string().min(1)).default([]),
    /** Seconds between two looks. */
    everySeconds: z.number().min(1).max(3_600).default(10),
    /** Bytes in the log that are not loaded. */
    backlogBytes: z
      .int()
      .min(0)
      .default(1024 * 1024 * 1024),
    /** How far the tables may be behind the log, s. */
    lagSeconds: z.number().min(0).default(120),
    /** Share of received events that fail, 0 to 1, over `windowSeconds`, where at least `failedMinimum` were received. */
    failedShare: z.number().min(0).max(1).default(0.1),
    failedMinimum: z.int().min(1).default(100),
    windowSeconds: z.int().min(10).max(86_400).default(300),
    /** Share of the disk of the data folder that must be free, 0 to 1. */
    diskFreeShare: z.number().min(0).max(1).default(0.1),
    /** How long a part may tell nothing of itself because it is dead, hangs, or dies again and again, s. */
    silentSeconds: z.number().min(0).default(30),
    /** Times within `windowSeconds` that a part may be started again. */
    restarts: z.int().min(0).default(5),
  })
  .superRefine(({ webhook, allowedHosts }, context) => {
    if (webhook === undefined || !URL.canParse(webhook) || allowedHosts.includes(new URL(webhook).host)) return;
    const message = `must hold the host of webhook, "${new URL(webhook).host}"`;
    context.addIssue({ code: 'custom', path: ['allowedHosts'], message });
  });

export type AlertOptions = z.output<typeof alertOptions>;
