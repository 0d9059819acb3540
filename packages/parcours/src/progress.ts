/** Tells on standard error how far long work is. */
export interface Progress {
  /** The line as it is now; shown at most so often. */
  update(line: () => string): void;
  /** Takes the last line away from a terminal. */
  end(): void;
}

const TERMINAL_MS = 200;
/** A file or a journal keeps every line: one now and then is enough. */
const LINES_MS = 10_000;

/** @param quiet says nothing, as with `--json` */
export function createProgress({
  quiet,
  stream = process.stderr,
  now = () => performance.now(),
}: {
  readonly quiet: boolean;
  readonly stream?: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>;
  readonly now?: () => number;
}): Progress {
  const everyMs = stream.isTTY ? TERMINAL_MS : LINES_MS;
  let last = now();
  let isShown = false;
  return {
    update(line) {
      if (quiet || now() - last < everyMs) return;
      last = now();
      isShown = true;
      stream.write(stream.isTTY ? `\r\u001b[K${line()}` : `${line()}\n`);
    },
    end() {
      if (isShown && stream.isTTY) stream.write('\r\u001b[K');
      isShown = false;
    },
  };
}

/** A number of bytes as people read it, such as `1.4 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return unit === 0 ? `${bytes} bytes` : `${value.toFixed(1)} ${units[unit]}`;
}
