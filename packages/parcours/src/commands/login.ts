import type { LoginLink } from '@parcours/journeys';
import { Command } from 'commander';
import { askReader } from '../reader_client.ts';

export const loginCommand = (): Command =>
  new Command('login')
    .description('Print a link that signs a browser in to the console: good for one use, within ten minutes.')
    .option('--data <folder>', 'data folder of the running program', process.env.DATA || './data')
    .option('--json', 'print { url, expires_at } as JSON')
    .addHelpText(
      'after',
      `
Example:
  parcours login --data /var/lib/parcours

Exit codes: 0 printed, 1 nothing runs there, or it does not answer.`,
    )
    .action(login);

async function login({ data, json = false }: { data: string; json?: boolean }): Promise<void> {
  const link = await askReader<LoginLink>('/v1/login-links', {}, { data, json });
  process.stdout.write(json ? `${JSON.stringify(link)}\n` : `${link.url}\n`);
}
