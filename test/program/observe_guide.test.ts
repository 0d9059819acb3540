import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { anEvent, postEvents } from '../support/batch.ts';
import { ROOT, startChild } from '../support/child.ts';
import { readGuide } from '../support/guide.ts';
import { type OtlpReceiver, receiveOtlp } from '../support/otlp.ts';
import { until } from '../support/processes.ts';
import { type Program, startProgram } from '../support/program.ts';
import { receiveWebhooks, type WebhookReceiver } from '../support/webhook.ts';

const guide = readGuide('docs/operate/observe.md');

let otlp: OtlpReceiver;
let webhooks: WebhookReceiver;
let program: Program;
beforeAll(async () => {
  [otlp, webhooks] = await Promise.all([receiveOtlp(), receiveWebhooks()]);
  const [, level] = guide.block('log').match(/^parcours serve --log-level (\w+) 2>> parcours.log$/) ?? [];
  const otel = JSON.parse(guide.block('otel', { 'http://127.0.0.1:4318': otlp.endpoint, '60000': '1000' }));
  const alerts = JSON.parse(
    guide.block('alerts', {
      'https://hooks.example.com/services/T0/B0/secret': webhooks.address,
      '"hooks.example.com"': `"${webhooks.host}"`,
    }),
  );
  Object.assign(alerts.alerts, { everySeconds: 1, silentSeconds: 2 });
  program = await startProgram({ config: { ...otel, ...alerts, logLevel: level } });
  await postEvents(program.collector, [anEvent()]);
});
afterAll(async () => {
  await program.stop();
  await Promise.all([otlp.stop(), webhooks.stop()]);
});

/** What stands for the addresses of the guide in this run. */
const ours = (): Record<string, string> => ({
  '127.0.0.1:8787': new URL(program.collector).host,
  '127.0.0.1:8788': new URL(program.console).host,
});

/** A value's keys and kinds: what a made-up example and a real thing share. */
const shape = (value: object): object =>
  Object.fromEntries(Object.entries(value).map(([key, each]) => [key, typeof each]));

it('a request is the line that the guide shows', async () => {
  const lines = (): object[] =>
    program
      .output()
      .split('\n')
      .filter((line) => line.includes('"route":"/v1/events"'))
      .map((line) => JSON.parse(line));
  await until(() => lines().length === 1, 'the line is written');
  const shown = JSON.parse(guide.block('line'));
  expect(shape(lines()[0] as object)).toEqual(shape(shown));
  const { time, requestId, ms, ...fixed } = shown;
  expect(lines()[0]).toMatchObject(fixed);
});

it('both addresses tell their metrics', async () => {
  const child = startChild('sh', ['-c', guide.block('metrics', ours())]);
  expect((await child.ended).code).toBe(0);
  expect(child.output()).toMatch(/^parcours_items_total\{site="shop",status="accepted",code=""\} 1$/m);
  expect(child.output()).toMatch(/^parcours_loader_lag_seconds /m);
});

it('the scraper finds both, and the rules are where it says', async () => {
  const { scrape_configs, rule_files } = parse(guide.block('scrape', ours()));
  for (const target of scrape_configs[0].static_configs[0].targets) {
    const response = await fetch(`http://${target}/metrics`);
    expect([target, response.status]).toEqual([target, 200]);
  }
  for (const file of rule_files) expect(await readFile(join(ROOT, file), 'utf8')).toContain('groups:');
});

it('OpenTelemetry is told, by the packages that the program asks for', async () => {
  await until(() => otlp.pushes.length > 0, 'something is pushed');
  expect(otlp.pushes[0]?.headers['x-key']).toBe('secret');
  const asked = await readFile(join(ROOT, 'packages/parcours/src/otel/start.ts'), 'utf8');
  const packages = [...asked.matchAll(/'(@opentelemetry\/[\w-]+@[^']+)'/g)].map(([, name]) => name);
  expect(guide.block('otel-install')).toBe(`npm install ${packages.join(' ')}`);
});

it('an alert comes to the webhook as the guide shows it', async () => {
  // On a machine with much to do the collector may be late too, and told of first.
  const ofReader = () => webhooks.told.find((one) => /^Parcours[^:]*: The reader /.test(String(Object(one).text)));
  const reader = await program.readerPid();
  process.kill(reader, 'SIGSTOP');
  try {
    await until(() => ofReader() !== undefined, 'the webhook is told');
  } finally {
    process.kill(reader, 'SIGCONT');
  }
  const shown = JSON.parse(guide.block('message'));
  const told = ofReader() as Record<string, string>;
  expect(shape(told)).toEqual(shape(shown));
  const plain = (text: string): string => text.replace(/ on \S+: /, ': ').replace(/\d+ s/, 'n s');
  expect(plain(String(told.text))).toBe(plain(shown.text));
  expect([told.alert, told.state]).toEqual([shown.alert, shown.state]);
});
