import type { RetentionRun } from '../../retention/retention_file.ts';
import { formatTable } from '../../table.ts';

const RECEIPTS = { of: 'Receipts', verify: 'receipts verify' };
const AUDIT = { of: 'Entries of the audit log', verify: 'audit verify' };

/** What a run says of each class, as a table for people. */
export const retentionTable = ({ rows, files }: RetentionRun, removed: string): string =>
  formatTable({
    columns: ['site', 'class', 'days', removed, 'left', 'oldest'].map((name) => ({ name, type: 'text' })),
    rows: [
      ...rows.map((row) => [row.site || '(none)', row.class, row.days, row.removed, row.left, row.oldest ?? '']),
      ...files.map((of) => ['', of.class, of.days, of.removed, '', of.oldest ?? '']),
    ],
  }) +
  files
    .flatMap(({ class: of, faulty = [] }) =>
      faulty.map((writer) => [of === 'audit' ? AUDIT : RECEIPTS, writer] as const),
    )
    .map(
      ([{ of, verify }, writer]) =>
        `${of} of ${writer} are old and stay: they are not as they were written (parcours ${verify}).\n`,
    )
    .join('');
