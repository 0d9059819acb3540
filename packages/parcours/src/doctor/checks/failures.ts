import { defineCheck } from '../check.ts';
import { count, formatShare } from '../numbers.ts';

/** Fewer failures than these are somebody trying something. */
const LEAST = 5;

/** Events that were received and could not be used: kept, and waiting for someone to look. */
export const failures = defineCheck({
  name: 'failures',
  about: 'The share of events of the last hour that failed, with the reason that is most frequent.',
  faults: {
    some: {
      verdict: 'warning',
      means: 'More than 1 % of the events failed. They are kept, and can be sent again once their cause is put right.',
      fix: 'parcours query "SELECT code, path, message, count(*) FROM failed GROUP BY ALL ORDER BY 4 DESC LIMIT 10"',
    },
    many: {
      verdict: 'red',
      means: 'More than 10 % of the events failed: a page or a server sends something wrong all the time.',
      fix: 'parcours query "SELECT code, path, message, count(*) FROM failed GROUP BY ALL ORDER BY 4 DESC LIMIT 10"',
    },
  },
  async run({ run, probes }, tell) {
    if (!run) return { notChecked: 'nothing runs' };
    let row: Readonly<Record<string, unknown>> | undefined;
    try {
      [row] = await probes.query(LAST_HOUR);
    } catch (error) {
      return { notChecked: `the tables cannot be asked: ${(error as Error).message}` };
    }
    const stored = Number(row?.stored ?? 0);
    const failed = Number(row?.failed ?? 0);
    const share = failed === 0 ? 0 : failed / (stored + failed);
    const found = `${failed} of ${count(stored + failed, 'event')} of the last hour failed (${formatShare(share)})`;
    if (failed < LEAST || share <= 0.01) return { found, faults: [] };
    const why = `${found}, most by ${String(row?.code)}${row?.path ? ` at ${String(row.path)}` : ''}`;
    return { found, faults: [tell(share > 0.1 ? 'many' : 'some', why)] };
  },
});

const LAST_HOUR = `
WITH recent AS (SELECT code, path FROM failed WHERE received_at > now() - INTERVAL 1 HOUR),
top AS (SELECT code, path FROM recent GROUP BY code, path ORDER BY count(*) DESC, code, path LIMIT 1)
SELECT
  (SELECT count(*) FROM events WHERE received_at > now() - INTERVAL 1 HOUR) AS stored,
  (SELECT count(*) FROM recent) AS failed,
  (SELECT code FROM top) AS code,
  (SELECT path FROM top) AS path`;
