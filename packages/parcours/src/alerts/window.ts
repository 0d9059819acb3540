import type { ChildRole } from '../processes/messages.ts';
import type { ProgramStatus } from '../processes/status.ts';

/** What happened within the last while, from totals that grow, and that begin again when their process does. */
export interface Window {
  /** Takes the totals of now. */
  take(status: Omit<ProgramStatus, 'alerts'>, now: number): void;
  /** Items received and failed within the window. */
  items(): { readonly received: number; readonly failed: number };
  restarts(role: ChildRole): number;
}

interface Step {
  readonly at: number;
  readonly received: number;
  readonly failed: number;
  readonly restarts: Readonly<Partial<Record<ChildRole, number>>>;
}

export function createWindow(ms: number): Window {
  let steps: Step[] = [];
  let last = { received: 0, failed: 0 };
  let lastRestarts: Partial<Record<ChildRole, number>> = {};

  const sum = (read: (step: Step) => number): number => steps.reduce((total, step) => total + read(step), 0);

  return {
    take({ parts }, now) {
      const figures = parts.find(({ role }) => role === 'collector')?.figures;
      const { received, failed } = figures?.role === 'collector' ? figures.accounts : last;
      // Fewer than before: the collector began again, and all that it tells is new.
      const before = received < last.received ? { received: 0, failed: 0 } : last;
      const totals = Object.fromEntries(
        parts.map(({ role, restarts }) => [role, Object.values(restarts).reduce((total, count) => total + count, 0)]),
      ) as Partial<Record<ChildRole, number>>;
      steps = steps.filter(({ at }) => at > now - ms);
      steps.push({
        at: now,
        received: received - before.received,
        failed: failed - before.failed,
        restarts: Object.fromEntries(parts.map(({ role }) => [role, (totals[role] ?? 0) - (lastRestarts[role] ?? 0)])),
      });
      last = { received, failed };
      lastRestarts = totals;
    },
    items: () => ({ received: sum((step) => step.received), failed: sum((step) => step.failed) }),
    restarts: (role) => sum((step) => step.restarts[role] ?? 0),
  };
}
