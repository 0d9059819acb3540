import type { Log } from '@parcours/store/log';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What the log tells of itself: each group as it reaches the disk, and how the log stands when somebody asks. */
export function logMetrics(log: Log, registry: Registry): void {
  const registers = [registry];
  const syncs = new Histogram({
    name: 'parcours_log_fsync_duration_seconds',
    help: 'Duration of the fdatasync before a group of batches is answered',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const groups = new Histogram({
    name: 'parcours_log_group_records',
    help: 'Batches that shared one write and one fdatasync',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers,
  });
  const written = new Counter({
    name: 'parcours_log_written_bytes_total',
    help: 'Bytes made durable in the log',
    registers,
  });
  log.onGroup(({ records, bytes, syncMs }) => {
    syncs.observe(syncMs / 1000);
    groups.observe(records);
    written.inc(bytes);
  });
  new Counter({
    name: 'parcours_log_failed_groups_total',
    help: 'Groups that could not be written or synced; their senders were told to try again',
    registers,
    collect() {
      this.reset();
      this.inc(log.stats().failedGroups);
    },
  });
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('parcours_log_pending_bytes', 'Bytes received that wait for the disk', () => log.stats().pendingBytes);
  gauge('parcours_log_backlog_bytes', 'Bytes on disk that the reader has not loaded', () => log.stats().backlogBytes);
  gauge(
    'parcours_log_segment_number',
    'Number of the newest segment: the time it was opened, ms since 1970; 0 where there is none yet',
    () => log.stats().segment,
  );
  gauge('parcours_log_writable', '1 while the last write and sync succeeded', () => Number(log.stats().writable));
}
