import { createCollector } from '@parcours/collector';
import { appendControl, openControlFeed, openControlWriter, withdrawnOf } from '@parcours/store/control';
import { type LogFiles, openLog } from '@parcours/store/log';
import { openReceipts } from '@parcours/store/receipts';
import { createWithdrawalRecorder } from '../../../packages/parcours/src/consent/record_withdrawal.ts';

export const LOG = '/data/log/collector-0';
export const RECEIPTS = '/data/receipts';
export const CONTROL = '/data/control';
export const WRITER = 'collector-0';
export const SIGNING_SEED = new Uint8Array(32).fill(3);
export const RECEIPT_KEY = new Uint8Array(32).fill(5);

/** The moment at which all of it happens. */
export const NOW = Date.parse('2026-11-22T10:00:00.000Z');

/** A collector with all that it writes, from its start to a power cut: put together as the program does it. */
export interface Life {
  /** Posts a batch: the status, and the reply as its sender would read it. */
  post(batch: object): Promise<{ readonly status: number; readonly body: string }>;
  /** Records a decision beside it, as `parcours key revoke` does. */
  revoke(key: string): Promise<void>;
  /** Lets go of what would go on by itself. */
  end(): Promise<void>;
}

/** Small segments, so that they roll. */
const SEGMENT_BYTES = 6_000;

export async function beginLife(files: LogFiles): Promise<Life> {
  const now = (): number => NOW;
  const log = await openLog({ folder: LOG, files, now, maxSegmentBytes: SEGMENT_BYTES });
  const feed = await openControlFeed({ folder: CONTROL, files, intervalMs: 3_600_000, watch: () => () => undefined });
  try {
    const receipts = await openReceipts({
      folder: `${RECEIPTS}/${WRITER}`,
      signingKey: SIGNING_SEED,
      files,
      now,
      maxSegmentBytes: SEGMENT_BYTES,
    });
    const control = await openControlWriter({
      folder: CONTROL,
      writer: WRITER,
      files,
      now,
      maxSegmentBytes: SEGMENT_BYTES / 10,
    });
    const collector = createCollector({
      sites: [{ id: 'shop', keys: ['pk_demo'] }],
      log,
      consent: {
        receiptKey: RECEIPT_KEY,
        receipts,
        recordWithdrawal: createWithdrawalRecorder(control),
        withdrawalsOf: (site, subject) => withdrawnOf(feed.state, site, subject),
      },
      cookieSecret: new Uint8Array(32).fill(7),
      rateLimits: { perAddress: 1_000_000, perKey: 1_000_000 },
      now,
    });
    return {
      post: (batch) =>
        collector.receive.events({
          header: (name) => (name === 'content-type' ? 'text/plain' : undefined),
          address: '203.0.113.7',
          body: async () => Buffer.from(JSON.stringify(batch)),
        }),
      async revoke(key) {
        await appendControl({
          folder: CONTROL,
          writer: 'cli',
          files,
          now,
          decide: () => [{ kind: 'key_revoked', key }],
        });
      },
      end: () => feed.stop(),
    };
  } catch (error) {
    await feed.stop();
    throw error;
  }
}
