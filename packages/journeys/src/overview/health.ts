import type { ConsoleStatus, LoaderFigures } from './program_status.ts';

/** Something that is wrong, by name; the page has its words. */
export interface Fault {
  readonly name: string;
  /** Ms since the epoch, where it is known. */
  readonly since?: number;
  /** In English, for a name that the pages do not know. */
  readonly text?: string;
}

/** Beyond it the tables are not what happens now, ms. */
const LATE_MS = 60_000;

/** Everything that is wrong, by all that is known; nothing where all is well. Alerts of the program first. */
export function faultsOf({
  status,
  loader,
  sites,
}: {
  readonly status: ConsoleStatus | undefined;
  readonly loader: LoaderFigures | undefined;
  /** Sites in force; undefined where nobody says. */
  readonly sites: number | undefined;
}): readonly Fault[] {
  const faults: Fault[] = (status?.alerts ?? []).map(({ name, since, text }) => ({ name, since, text }));
  const add = (name: string, isWrong: boolean | undefined, since?: number): void => {
    if (!isWrong || faults.some((fault) => fault.name === name)) return;
    faults.push({ name, ...(since !== undefined && { since }) });
  };
  for (const { role, isUp } of status?.parts ?? []) add(`${role}_silent`, !isUp);
  add('load_failing', loader?.lastError !== undefined);
  add('lag', loader && loader.lagMs > LATE_MS);
  add('no_site', sites === 0);
  return faults;
}
