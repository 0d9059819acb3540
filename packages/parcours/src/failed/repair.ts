/** Changes to a failed item before it is judged again. */
export interface Repair {
  /** `path=value` each, such as `props.currency=EUR` or `props.items[0].price=12.5`; a value that is JSON is taken as such. */
  readonly set: readonly string[];
  /** What RFC 7396 calls a merge patch: what it has replaces, null removes. */
  readonly patch?: unknown;
}

type Item = Readonly<Record<string, unknown>>;

/** Whether it gives an item another id, which is for one item alone: of several under one id all but one would be lost. */
export const changesId = ({ set, patch }: Repair): boolean =>
  set.some((text) => /^event_id\s*=/.test(text)) || (isObject(patch) && Object.hasOwn(patch, 'event_id'));

/** The item, repaired. @throws Error with one line, where a path cannot be read or is not there to be set */
export function repair(item: Item, { set, patch }: Repair): Item {
  const patched = patch === undefined ? structuredClone(item) : mergePatch(item, patch);
  for (const text of set) {
    const [, path = '', value = ''] = text.match(/^([^=]+)=(.*)$/s) ?? [];
    const steps = path.match(/[^.[\]]+/g);
    if (!steps || steps.some((step) => FORBIDDEN.has(step))) {
      throw new Error(`--set must be path=value, such as props.currency=EUR (it is "${text}")`);
    }
    setAt(patched, steps, readValue(value), text);
  }
  return patched as Item;
}

/** Steps that lead out of an item, into what all objects share. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

function setAt(target: unknown, [step, ...rest]: readonly string[], value: unknown, text: string): void {
  if (typeof target !== 'object' || target === null || step === undefined) {
    throw new Error(`--set ${text}: the item has nothing there to set it in`);
  }
  const object = target as Record<string, unknown>;
  if (rest.length === 0) {
    object[step] = value;
    return;
  }
  if (object[step] === undefined) object[step] = {};
  setAt(object[step], rest, value, text);
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? structuredClone(target) : {};
  for (const [key, value] of Object.entries(patch)) {
    if (FORBIDDEN.has(key)) continue;
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
