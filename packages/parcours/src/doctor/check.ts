import type { Context } from './context.ts';

export type Verdict = 'ok' | 'warning' | 'red' | 'not_checked';

/** A fault that a check can find, before it is found. The guide's tables are made from these. */
export interface FaultKind {
  readonly verdict: 'warning' | 'red';
  /** What it means for the shop. */
  readonly means: string;
  /** What to do, with the very setting or command. `{name}` stands for a value that the finding tells. */
  readonly fix: string;
}

/** A fault that was found. */
export interface Fault {
  /** Stable name of the fault, such as `almost_full`. */
  readonly code: string;
  readonly verdict: 'warning' | 'red';
  readonly found: string;
  readonly fix: string;
  /** Settings of the configuration that would put it right, where that alone does. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** What a check came to: what it saw and the faults in it, or why it could not look. */
export type Outcome = { readonly found: string; readonly faults: readonly Fault[] } | { readonly notChecked: string };

/** Makes a fault of a check: what was found, the values of the fix, and the settings that would do. */
export type Tell<Code extends string> = (
  code: Code,
  found: string,
  more?: {
    readonly values?: Readonly<Record<string, string | number>>;
    readonly settings?: Readonly<Record<string, unknown>>;
  },
) => Fault;

export interface Check {
  /** As `--only` takes it. */
  readonly name: string;
  /** What it looks at, in one sentence. */
  readonly about: string;
  readonly faults: Readonly<Record<string, FaultKind>>;
  run(context: Context): Promise<Outcome>;
}

/** One check. Its faults are declared beside it, so that each one names its meaning and its fix once, for line and guide. */
export function defineCheck<const Code extends string>(check: {
  readonly name: string;
  readonly about: string;
  readonly faults: Readonly<Record<Code, FaultKind>>;
  run(context: Context, tell: Tell<Code>): Promise<Outcome>;
}): Check {
  const tell: Tell<Code> = (code, found, { values = {}, settings } = {}) => {
    const { verdict, fix } = check.faults[code];
    const filled = fix.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
    return { code, verdict, found, fix: filled, ...(settings && { settings }) };
  };
  return { ...check, run: (context) => check.run(context, tell) };
}
