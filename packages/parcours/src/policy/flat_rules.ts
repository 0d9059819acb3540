import type { SiteRules } from '@parcours/protocol';

/** A site's rules one by one, by the name that people use: `sources.didomi.audience`. */
export type FlatRules = ReadonlyMap<string, unknown>;

export function flatRules(rules: SiteRules): FlatRules {
  const flat = new Map<string, unknown>();
  const { purposes, events, fields, sources, retention, recipients = [], exempt = {}, ...plain } = rules;
  for (const [name, value] of Object.entries(plain)) flat.set(name, value);
  for (const [name, value] of Object.entries(exempt)) flat.set(`exempt.${name}`, value);
  for (const [name, purpose] of Object.entries(purposes)) flat.set(`purposes.${name}`, purpose?.basis);
  for (const [name, list] of Object.entries(events)) flat.set(`events.${name}`, list);
  for (const [name, list] of Object.entries(fields)) flat.set(`fields.${name}`, list);
  for (const [source, mapping] of Object.entries(sources))
    for (const [purpose, signals] of Object.entries(mapping)) flat.set(`sources.${source}.${purpose}`, signals);
  for (const { name, purposes: of } of recipients) flat.set(`recipients.${name}`, of ?? ['every purpose']);
  for (const [name, days] of Object.entries(retention)) flat.set(`retention.${name}`, days);
  return flat;
}

/** The first step of a rule's name: the key by which layers give it. */
export const ruleOf = (name: string): string => name.split('.', 1)[0] as string;

/** A rule's value as a line may show it. */
export const ruleText = (value: unknown): string => {
  if (value === undefined) return '-';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return String(value);
};
