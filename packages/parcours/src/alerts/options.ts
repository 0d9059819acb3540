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
    webhook: z
      .url('must be an address such as https://hooks.example.com/…')
      .refine(isTellable, 'must be https, or http on this machine, without user and password')
      .optional()
      .describe(
        'Address that each alert is sent to as JSON with a text, which Slack, Teams and Mattermost show; it is a secret',
      ),
    allowedHosts: z
      .array(z.string().min(1))
      .default([])
      .describe('Hosts that webhook may name, each as it stands in an address: with its port where it has one'),
    everySeconds: z.number().min(1).max(3_600).default(10).describe('Seconds between two looks'),
    backlogBytes: z
      .int()
      .min(0)
      .default(1024 * 1024 * 1024)
      .describe('Bytes in the log that are not loaded'),
    lagSeconds: z.number().min(0).default(120).describe('How far the tables may be behind the log, s'),
    failedShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe('Share of received events that fail, 0 to 1, over windowSeconds'),
    failedMinimum: z
      .int()
      .min(1)
      .default(100)
      .describe('Events received within windowSeconds for failedShare to count'),
    windowSeconds: z.int().min(10).max(86_400).default(300).describe('Time that failedShare and restarts look back, s'),
    diskFreeShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe('Share of the disk of the data folder that must be free, 0 to 1'),
    silentSeconds: z
      .number()
      .min(0)
      .default(30)
      .describe('How long a part may tell nothing of itself because it is dead, hangs, or dies again and again, s'),
    restarts: z.int().min(0).default(5).describe('Times within windowSeconds that a part may be started again'),
  })
  .superRefine(({ webhook, allowedHosts }, context) => {
    if (webhook === undefined || !URL.canParse(webhook) || allowedHosts.includes(new URL(webhook).host)) return;
    const message = `must hold the host of webhook, "${new URL(webhook).host}"`;
    context.addIssue({ code: 'custom', path: ['allowedHosts'], message });
  });

export type AlertOptions = z.output<typeof alertOptions>;
