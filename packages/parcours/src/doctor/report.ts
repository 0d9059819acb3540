import type { Check, Fault, Verdict } from './check.ts';
import type { Context } from './context.ts';

/** What `parcours doctor --json` prints. */
export interface Report {
  /** The worst of all lines; `not_checked` counts as `ok`. */
  readonly verdict: 'ok' | 'warning' | 'red';
  readonly checks: readonly CheckReport[];
}

/** One line. */
export interface CheckReport {
  readonly check: string;
  readonly verdict: Verdict;
  /** What was seen, or why nothing was looked at. */
  readonly found: string;
  /** The worst first. */
  readonly faults: readonly Fault[];
}

/** A check that hangs says so after this long, ms, and holds up nobody. */
const PATIENCE_MS = 30_000;

/** Runs checks one after another, since some measure; tells each as it ends. A check that fails itself is one not checked. */
export async function runChecks(
  checks: readonly Check[],
  context: Context,
  onLine: (line: CheckReport) => void = () => {},
): Promise<Report> {
  const lines: CheckReport[] = [];
  for (const check of checks) {
    const line = await runOne(check, context);
    onLine(line);
    lines.push(line);
  }
  return { verdict: worst(lines.map(({ verdict }) => verdict)), checks: lines };
}

async function runOne(check: Check, context: Context): Promise<CheckReport> {
  const { name } = check;
  let giveUp: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    giveUp = setTimeout(() => reject(new Error(`no result within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    const outcome = await Promise.race([check.run(context), late]);
    if ('notChecked' in outcome) {
      return { check: name, verdict: 'not_checked', found: outcome.notChecked, faults: [] };
    }
    const faults = outcome.faults.toSorted((a, b) => Number(b.verdict === 'red') - Number(a.verdict === 'red'));
    return { check: name, verdict: worst(faults.map(({ verdict }) => verdict)), found: outcome.found, faults };
  } catch (error) {
    const reason = (error as Error).message.split('\n', 1)[0] ?? 'unknown';
    return { check: name, verdict: 'not_checked', found: `the check itself failed: ${reason}`, faults: [] };
  } finally {
    clearTimeout(giveUp);
  }
}

function worst(verdicts: readonly Verdict[]): 'ok' | 'warning' | 'red' {
  if (verdicts.includes('red')) return 'red';
  return verdicts.includes('warning') ? 'warning' : 'ok';
}
