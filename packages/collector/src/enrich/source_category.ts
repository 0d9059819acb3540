import { SOURCE_LISTS, type SourceCategory, TOOL_LABELS } from './source_categories.ts';

/** A listed place: its category, and the name by which reports call it (`google`, `facebook.com`). */
export interface SourcePlace {
  readonly category: SourceCategory;
  readonly name: string;
}

/** The labels that registries put between a name and a country: google.co.uk is google's, google.evil.com is not. */
const SECOND_LEVEL = new Set(['co', 'com', 'org', 'net', 'ne', 'or', 'gen', 'web', 'gob']);

const TOOLS = new Set(TOOL_LABELS.split(/\s+/));

/** `youtube.com` and `youtube`. */
const exact = new Map<string, SourcePlace>();
/** `google` of `google.*`. */
const brands = new Map<string, SourcePlace>();

for (const [category, list] of Object.entries(SOURCE_LISTS) as [SourceCategory, string][]) {
  for (const entry of list.trim().split(/\s+/)) {
    const brand = entry.endsWith('.*') ? entry.slice(0, -2) : undefined;
    (brand === undefined ? exact : brands).set(brand ?? entry, { category, name: brand ?? entry });
  }
}

/**
 * The listed place that a traffic source is, if it is one: a host (`www.google.fr`), an app (`com.pinterest`) or the name
 * that a campaign gave (`fb`). The longest listed domain wins, so shopping.google.com is shopping and google.com search.
 *
 * @param source lower case
 */
export function sourcePlace(source: string): SourcePlace | undefined {
  const named = exact.get(source) ?? brands.get(source);
  if (named) return named;
  const labels = source.split('.');
  // A host has few labels; what has more is no host that we list.
  if (labels.length < 2 || labels.length > 8) return undefined;
  const place = byDomain(labels) ?? byBrand(labels);
  return place && TOOLS.has(labels[0]!) ? undefined : place;
}

function byDomain(labels: readonly string[]): SourcePlace | undefined {
  for (let from = 1; from < labels.length - 1; from++) {
    const place = exact.get(labels.slice(from).join('.'));
    if (place) return place;
  }
  return undefined;
}

function byBrand(labels: readonly string[]): SourcePlace | undefined {
  const last = labels.length - 1;
  const place = brands.get(labels[last - 1]!);
  if (place || last < 2 || !SECOND_LEVEL.has(labels[last - 1]!)) return place;
  return brands.get(labels[last - 2]!);
}
