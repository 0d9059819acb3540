import { backlogOf } from '../backlog.ts';
import { defineCheck, type Fault } from '../check.ts';
import type { Context } from '../context.ts';
import { formatBytes, formatMs } from '../numbers.ts';

/** How far the tables are behind what was received, and the alerts that are on. */
export const backlog = defineCheck({
  name: 'backlog',
  about: 'What is received and not yet in the tables, in bytes and time, and the alerts that are on.',
  faults: {
    lag: {
      verdict: 'red',
      means: 'The tables are further behind than "alerts.lagSeconds" allows. Nothing is lost: the log holds it.',
      fix: 'see the lines running and tables; where both are well the machine is too slow or short of memory for what arrives (top)',
    },
    large: {
      verdict: 'red',
      means:
        'More waits than "alerts.backlogBytes" allows. At 10 GB the collector answers 503, and browsers keep their events.',
      fix: 'see the lines running and tables; where both are well let it catch up, or give the machine more',
    },
    alert: {
      verdict: 'warning',
      means: 'An alert of the program is on.',
      fix: 'see the lines of its kind here, and the log of the program (journalctl -u parcours); limits: "alerts"',
    },
  },
  async run(context, tell) {
    const { folder, run, config, probes } = context;
    const { bytes, since } = await backlogOf(folder.logs);
    const lagMs = since === undefined ? 0 : Math.max(0, probes.now() - since);
    const found = bytes === 0 ? 'nothing waits' : `${formatBytes(bytes)} wait, the oldest for ${formatMs(lagMs)}`;
    if (!run) return { notChecked: `${found}: nothing runs` };
    const faults: Fault[] = [];
    const { lagSeconds, backlogBytes } = config.alerts;
    if (lagSeconds > 0 && lagMs > lagSeconds * 1_000) faults.push(tell('lag', found));
    else if (backlogBytes > 0 && bytes > backlogBytes) faults.push(tell('large', found));
    const alerts = await activeAlerts(context, `${run.console}/metrics`);
    if (alerts.length > 0) faults.push(tell('alert', `on: ${alerts.join(', ')}`));
    return { found, faults };
  },
});

/** As the metrics tell them; none where they cannot be asked, which the line running tells. */
async function activeAlerts({ probes }: Context, url: string): Promise<readonly string[]> {
  const text = await probes.ask(url).then(
    ({ body }) => body,
    () => '',
  );
  return [...text.matchAll(/^parcours_alert_active\{alert="([^"]+)"\} 1$/gm)].map(([, name]) => name ?? '');
}
