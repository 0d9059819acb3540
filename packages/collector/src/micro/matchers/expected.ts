import type { SeenEvent } from '../seen.ts';

/**
 * What an event must have. A name is looked for in `props`, as sent by GA4's names, then among the stored columns
 * (`order_id`, `amount_minor`, `path`, `visitor_id`, and so on). Objects may have more than is expected, arrays may not.
 */
export type Expected = Readonly<Record<string, unknown>>;

/** One place where an event is not as expected. */
export interface Mismatch {
  /** Such as `items[0].price`. */
  readonly path: string;
  readonly wanted: unknown;
  readonly got: unknown;
}

/** Where an event is not as expected: nothing for a match. */
export function mismatches(event: SeenEvent, expected: Expected): readonly Mismatch[] {
  const { props = {} } = event;
  return Object.entries(expected).flatMap(([name, wanted]) => {
    const got = Object.hasOwn(props, name) ? props[name] : (event as unknown as Record<string, unknown>)[name];
    return compare(got, wanted, name);
  });
}

function compare(got: unknown, wanted: unknown, path: string): readonly Mismatch[] {
  const mismatch = [{ path, wanted, got }];
  if (isAsymmetric(wanted)) return wanted.asymmetricMatch(got) ? [] : mismatch;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(got) || got.length !== wanted.length) return mismatch;
    return wanted.flatMap((each, index) => compare(got[index], each, `${path}[${index}]`));
  }
  if (isObject(wanted)) {
    if (!isObject(got) || Array.isArray(got)) return mismatch;
    return Object.entries(wanted).flatMap(([name, each]) =>
      compare(Object.hasOwn(got, name) ? got[name] : undefined, each, `${path}.${name}`),
    );
  }
  return Object.is(got, wanted) ? [] : mismatch;
}

/** `expect.any(Number)`, `expect.stringContaining('W-')` and their like, of vitest as of Playwright. */
const isAsymmetric = (value: unknown): value is { asymmetricMatch(other: unknown): boolean } =>
  isObject(value) && typeof value.asymmetricMatch === 'function';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
