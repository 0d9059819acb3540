import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { until } from '../support/processes.ts';
import { type Program, startProgram } from '../support/program.ts';
import { sumOf } from '../support/samples.ts';
import { receiveWebhooks, type WebhookReceiver } from '../support/webhook.ts';

let program: Program;
let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await receiveWebhooks();
  program = await startProgram({
    config: {
      alerts: {
        webhook: receiver.address,
        allowedHosts: [receiver.host],
        everySeconds: 1,
        backlogBytes: 2_000,
        lagSeconds: 4,
        silentSeconds: 3,
        failedShare: 0.5,
        failedMinimum: 5,
        windowSeconds: 10,
        diskFreeShare: 0,
      },
    },
  });
});
afterAll(async () => {
  await program.stop();
  await receiver.stop();
});

const told = (alert: string, state: string): number =>
  receiver.told.filter((each) => each.alert === alert && each.state === state).length;

it('a reader that stands still is told to log and webhook though it cannot tell itself, and so is its return', async () => {
  const reader = await program.readerPid();
  process.kill(reader, 'SIGSTOP');
  try {
    expect(
      (
        await postEvents(
          program.collector,
          Array.from({ length: 20 }, () => anEvent()),
        )
      ).status,
    ).toBe(200);
    for (const alert of ['reader_silent', 'lag', 'backlog']) {
      await until(() => told(alert, 'firing') >= 1, `${alert} is told`);
      expect(program.output()).toMatch(new RegExp(`"level":"error".*"alert":"${alert}"`));
    }
    // Told by the part that lives.
    await until(async () => {
      const text = await (await fetch(`${program.collector}/metrics`)).text();
      return sumOf(text, 'parcours_alert_active') === 3 && sumOf(text, 'parcours_part_silence_seconds', 'reader') > 3;
    }, "the collector's metrics tell the alerts");
  } finally {
    process.kill(reader, 'SIGCONT');
  }
  for (const alert of ['reader_silent', 'lag', 'backlog']) {
    const states = () => receiver.told.filter((each) => each.alert === alert).map(({ state }) => state);
    await until(() => states().at(-1) === 'resolved', `${alert} is over`);
    // A machine that is busy besides may make it fire anew; what lasts is told once.
    expect(states().filter((state, at) => state !== (at % 2 ? 'resolved' : 'firing'))).toEqual([]);
  }
  expect(program.output()).not.toContain('hook-secret');
});

it('events that fail are told once their share passes the limit', async () => {
  await postEvents(
    program.collector,
    Array.from({ length: 30 }, () => anEvent({ type: 'Bad Name' })),
  );
  await until(() => told('failed_share', 'firing') === 1, 'the share of failed events is told');
  const message = receiver.told.find(({ alert }) => alert === 'failed_share');
  expect(message?.text).toMatch(/^Parcours on .+: .* % of the events of the last 10 s failed/);
});

it('counts how often a part was started again, and why, in the metrics of both', async () => {
  process.kill(await program.readerPid(), 'SIGKILL');
  for (const origin of [program.collector, program.console]) {
    await until(async () => {
      const text = await fetch(`${origin}/metrics`).then(
        (response) => response.text(),
        () => '',
      );
      return (
        sumOf(text, 'parcours_part_restarts_total', 'part="reader",cause="SIGKILL"') === 1 &&
        sumOf(text, 'parcours_part_up') === 2
      );
    }, 'the restart is counted');
  }
});
