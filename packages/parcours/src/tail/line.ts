import { styleText } from 'node:util';
import type { LiveLine } from '@parcours/journeys';
import { shownText } from '../shown_text.ts';

const COLOURS = { accepted: 'green', filtered: 'yellow', failed: 'red' } as const;

/** One line of the live view as a terminal shows it: time, site, type, decision, and where it happened or why it was not taken. */
export function formatLine(
  { received_at, site, type, decision, detail, count }: LiveLine,
  isColoured: boolean,
): string {
  const shown = decision.padEnd(8);
  const cells = [
    received_at.slice(11, 23),
    shownText(site).padEnd(12),
    isColoured ? styleText(COLOURS[decision], shown, { validateStream: false }) : shown,
    shownText(type === '' ? '?' : type).padEnd(16),
    `${shownText(detail)}${count > 1 ? ` (${count})` : ''}`,
  ];
  return `${cells.join('  ').trimEnd()}\n`;
}
