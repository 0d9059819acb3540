/** One setting that is wrong. */
export interface ConfigFault {
  /** Where it was set: a file with line and column, an environment variable, or a flag. */
  readonly place: string;
  /** The setting, such as `sites[0].origins[1]`; absent where it is the whole file. */
  readonly key?: string;
  /** What it must be, and what it is; a value that may be secret is not told. */
  readonly rule: string;
}

/** Settings that are wrong, all that were found: one line each, with place, key, rule and value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly faults: readonly ConfigFault[];

  constructor(faults: string | readonly ConfigFault[]) {
    const list = typeof faults === 'string' ? [{ place: '', rule: faults }] : faults;
    super(list.map(lineOf).join('\n'));
    this.faults = list;
  }
}

const lineOf = ({ place, key, rule }: ConfigFault): string => [place, key, rule].filter(Boolean).join(': ');
