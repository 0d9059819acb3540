import type { z } from 'zod';

/** A record type: its name, the schema of its properties, and examples that the tests hold it to. */
export interface RecordType<Type extends string = string, Props = unknown> {
  readonly type: Type;
  readonly props: z.ZodType<Props>;
  readonly valid: Props;
  readonly invalid: Readonly<Record<string, unknown>>;
  /** Where the invalid example is wrong, as `EventResult.path` says it. */
  readonly invalidAt: string;
  /** A visit can begin with it: the channel that brought the visitor is read from its page. */
  readonly isEntry?: boolean;
}

/** Names the fields of a type, without the index signature that keeps unknown keys. */
export type Known<T> = T extends readonly (infer Item)[]
  ? Known<Item>[]
  : T extends object
    ? { [K in keyof T as string extends K ? never : K]: Known<T[K]> }
    : T;

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/**
 * Fails to compile unless interface and schema have the same fields, on input and output.
 * `satisfies z.ZodType<T>` alone misses an optional field that the schema forgot.
 */
export type SameFields<Interface, Schema extends z.ZodType> =
  Equal<Known<Interface>, Known<z.input<Schema>>> extends true
    ? Equal<Known<Interface>, Known<z.output<Schema>>>
    : false;

/** Compiles only for `true`. */
export const same = <_Check extends true>(): void => {};
