import type { Report } from './report.mjs';

interface Bench {
  readonly isReproducible?: boolean;
  readonly tables: (report: Report) => readonly (readonly (readonly (string | number)[])[])[];
  readonly outcome?: (report: Report) => string;
}

export function markdownOf(bench: Bench, report: Report): string;
export function textOf(bench: Bench, report: Report): string;
