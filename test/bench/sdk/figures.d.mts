export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Figure {
  readonly key: string;
  readonly title: string;
  readonly goal?: number;
}

export interface Row {
  readonly figure: Figure;
  readonly values: ReadonlyMap<string, Spread>;
  readonly best: { readonly name: string; readonly ratio: number } | undefined;
  readonly isMet: boolean | undefined;
}

interface Named {
  readonly name: string;
  readonly kind: 'empty' | 'parcours' | 'peer';
}

type Round = ReadonlyMap<string, Readonly<Record<string, number>>>;

export const FIGURES: readonly Figure[];
export function figuresOf(subjects: readonly Named[], rounds: readonly Round[]): readonly Row[];
export function rowsOf(subjects: readonly Named[], figures: readonly Row[]): string[][];
