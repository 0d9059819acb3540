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
  readonly figure: string;
  readonly title: string;
  readonly goal?: number;
  readonly at_least?: true;
  readonly values: Readonly<Record<string, Spread>>;
  readonly best_peer?: string;
  readonly ratio?: number;
  readonly is_met?: boolean;
}

interface Named {
  readonly name: string;
  readonly kind: 'empty' | 'parcours' | 'peer';
}

type Round = ReadonlyMap<string, Readonly<Record<string, number>>>;

export const FIGURES: readonly Figure[];
export function figuresOf(subjects: readonly Named[], rounds: readonly Round[]): readonly Row[];
export function tableOf(rows: readonly Row[]): string[][];
