import type { Funnel } from '@parcours/journeys';
import { Command } from 'commander';
import { askReader, wholeNumber } from '../reader_client.ts';
import { formatTable } from '../table.ts';

interface Flags {
  data: string;
  days: string;
  windowHours: string;
  site?: string;
  json?: boolean;
}

export const funnelCommand = (): Command =>
  new Command('funnel')
    .description('How many visitors take a path of events, step by step, and how long it takes them.')
    .argument('<steps...>', 'event names in order, two or more')
    .option('--days <number>', 'days back from now', '7')
    .option('--window-hours <number>', 'hours from the first step to the last', '168')
    .option('--site <id>', 'one site only')
    .option('--data <folder>', 'data folder of the running program', process.env.DATA || './data')
    .option('--json', 'print { options, steps, reportK, conventions } as JSON')
    .addHelpText(
      'after',
      `
Example:
  parcours funnel view_item add_to_cart begin_checkout purchase --days 7

Exit codes: 0 answered, 1 refused or not reachable.`,
    )
    .action(funnel);

async function funnel(steps: string[], { data, days, windowHours, site, json = false }: Flags): Promise<void> {
  const body = {
    steps,
    days: wholeNumber('--days', days, json),
    windowHours: wholeNumber('--window-hours', windowHours, json),
    ...(site !== undefined && { site }),
  };
  const answer = await askReader<Funnel>('/v1/reports/funnel', body, { data, json });
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : formatFunnel(answer));
}

const percent = (share: number | null): string => (share === null ? '' : `${(share * 100).toFixed(1)} %`);

const seconds = (ms: number | null): string => (ms === null ? '' : `${Math.round(ms / 1000)} s`);

function formatFunnel({ steps, reportK, conventions }: Funnel): string {
  const columns = ['step', 'visitors', 'of step before', 'of first', 'median time', 'p90 time'];
  const table = formatTable({
    columns: columns.map((name) => ({ name, type: 'text' })),
    rows: steps.map((step) => [
      step.step,
      step.visitors ?? `under ${reportK}`,
      percent(step.stepRate),
      percent(step.overallRate),
      seconds(step.medianMs),
      seconds(step.p90Ms),
    ]),
  });
  return `${table}\n${conventions.join('\n')}\n`;
}
