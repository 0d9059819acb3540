import { startChild } from '../../../support/child.ts';

/** A screen that nobody sees. */
export interface Screen {
  /** As `DISPLAY` names it. */
  readonly name: string;
  close(): Promise<unknown>;
}

/** Ends with the last window that it showed, so that it outlives no browser, whatever became of the test. */
export async function openScreen(): Promise<Screen> {
  const server = startChild('Xvfb', [
    '-displayfd',
    '1',
    '-terminate',
    '-screen',
    '0',
    '1280x1024x24',
    '-nolisten',
    'tcp',
  ]);
  // It says first which numbers are taken.
  const [, number] = await server.saw(/^(\d+)\n/m);
  return { name: `:${number}`, close: () => server.stop() };
}
