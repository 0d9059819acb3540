export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_gb: number;
  readonly load: number;
  readonly system: string;
  readonly node: string;
}

export interface Report {
  readonly name: string;
  readonly machine: Machine;
  readonly measured: string;
  readonly conditions: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export function thisMachine(): Machine;
export function reportOf(measured: Omit<Report, 'measured'>): Report;
export function isBusy(machine: Pick<Machine, 'cores' | 'load'>): boolean;
export function provenance(report: Report): string;
