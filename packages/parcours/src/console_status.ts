import type { ConsoleStatus } from '@parcours/journeys';
import type { ProgramStatus } from './processes/status.ts';

/** The program's status as the console's overview shows it. */
export function consoleStatus(status: ProgramStatus | undefined): ConsoleStatus | undefined {
  if (!status) return undefined;
  const collector = status.parts.find(({ role }) => role === 'collector')?.figures;
  return {
    startedAt: status.startedAt,
    alerts: status.alerts,
    parts: status.parts.map(({ role, isUp, startedAt, restarts }) => ({
      role,
      isUp,
      ...(startedAt !== undefined && { startedAt }),
      restarts: Object.values(restarts).reduce((total, times) => total + times, 0),
    })),
    ...(collector?.role === 'collector' && { accounts: collector.accounts }),
  };
}
