import type { core } from 'zod';
import { isObject, quickCheck, type SurelyValid } from './quick.ts';

/**
 * `quickCheck` for an event, with the fields of the event and of its page asked by name: half of the fields in a batch are
 * these, and a name known beforehand is found in a third of the time. The rules are still those of the schemas, and where a
 * schema has more than these fields and their rules, it is left to `quickCheck`.
 */
export function quickEvent(schema: core.$ZodObject): SurelyValid {
  const { event_id, type, occurred_at, stamp, seq, visitor_id, session_id, page_view_id, page, keys, props, ...more } =
    fieldChecks(schema);
  const { url, title, referrer, ...moreOfPage } = fieldChecks(pageOf(schema));
  const isWhole = event_id && type && occurred_at && stamp && seq && visitor_id && session_id && page_view_id;
  const isRead = isWhole && page && keys && props && url && title && referrer;
  const hasMore = Object.keys(more).length + Object.keys(moreOfPage).length > 0;
  if (!isRead || hasMore) return quickCheck(schema);

  const isPage = (value: unknown): boolean =>
    isObject(value) && url(value.url) && title(value.title) && referrer(value.referrer);
  return (value) =>
    isObject(value) &&
    event_id(value.event_id) &&
    type(value.type) &&
    occurred_at(value.occurred_at) &&
    stamp(value.stamp) &&
    seq(value.seq) &&
    visitor_id(value.visitor_id) &&
    session_id(value.session_id) &&
    page_view_id(value.page_view_id) &&
    (value.page === undefined || isPage(value.page)) &&
    keys(value.keys) &&
    props(value.props);
}

/** The schema of an event's page, if that is an object which may be absent. */
function pageOf(schema: core.$ZodObject): core.$ZodType | undefined {
  const def = (schema._zod.def.shape.page as core.$ZodTypes | undefined)?._zod.def;
  return def?.type === 'optional' ? def.innerType : undefined;
}

/** The check of each field, where these are all the rules; those of optional fields let pass what is not there. */
function fieldChecks(schema: core.$ZodType | undefined): Record<string, SurelyValid> {
  const def = (schema as core.$ZodTypes | undefined)?._zod.def;
  if (def?.type !== 'object' || def.checks?.length || def.catchall?._zod.def.type !== 'unknown') return {};
  const checks = Object.entries(def.shape).map(([name, field]): [string, SurelyValid] => {
    const check = quickCheck(field);
    const isOptional = field._zod.def.type === 'optional';
    return [name, isOptional ? (value) => value === undefined || check(value) : check];
  });
  return Object.fromEntries(checks);
}
