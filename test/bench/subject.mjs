import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScriptError } from '../../scripts/step.mjs';
import { CONTACT, CUSTOMER, fillLog, sampleRecords } from './fill_log.mjs';
import { medians } from './median.mjs';
import { cell, told, wholeNumber } from './numbers.mjs';
import { runChild } from './run_child.mjs';
import { writeSecrets } from './servers.mjs';

const DAY_MS = 86_400_000;
const DAYS = 30;
/** Events of a visit. */
const EVENTS = 10;
/** One visit of so many is of somebody who is known by a number and an e-mail. */
const KNOWN = 3;
/** The greatest store to the other: how the cost grows with the rows of all others. */
const GROWN = 5;
const GOAL_MS = 1_000;
const GOAL_EVENTS = 5_000_000;

/** @type {import('./run.mjs').Bench} */
export const bench = {
  help: `How soon a person is found and erased, in a process that does nothing else: events of ${DAYS} days in tables, all but today's in sealed days
too, and in a store of a fifth of that. "until the answer" is what whoever asks waits for, ten seconds for sealed days at the most;
"until gone" ends when no sealed day has a row of theirs any more. Five million: --events ${GOAL_EVENTS}, 5 GB of disk. Goal there: found
in ${GOAL_MS} ms.`,
  options: {
    rounds: ['3', 'each erases from the same tables; figures are medians'],
    events: ['1000000', 'in the tables, in all'],
    rows: ['1,1000,50000', 'of each person: one of less than ten, and tens'],
  },
  refuseToWrite: ({ rounds }) => (Number(rounds) < 3 ? '--write takes at least 3 rounds' : undefined),
  async measure(values) {
    const [rounds, events] = ['rounds', 'events'].map((name) => wholeNumber(values, name));
    const people = values.rows.split(',').map((rows) => wholeNumber({ rows }, 'rows'));
    const most = people.reduce((sum, rows) => sum + rows, 0);
    if (most > events / GROWN / 2) throw new ScriptError(`--events must be ${most * GROWN * 2} for these people`);
    const folder = await mkdtemp(join(tmpdir(), 'parcours-bench-'));
    try {
      const rows = [];
      for (const stored of [events / GROWN, events]) {
        const full = join(folder, String(stored));
        await fillData(full, { events: stored, people });
        const measured = new Map(people.map((person) => [person, []]));
        for (let round = 0; round < rounds; round++) {
          const data = join(folder, 'round');
          await cp(full, data, { recursive: true });
          for (const person of people) {
            const figures = await runChild('./subject_child.mjs', ['erase', data, visitorId(person), String(person)]);
            process.stderr.write(`  round ${round + 1}, ${person} rows: ${JSON.stringify(figures)}\n`);
            measured.get(person).push(figures);
          }
          await rm(data, { recursive: true });
        }
        await rm(full, { recursive: true });
        for (const [person, figures] of measured) rows.push({ stored, rows: person, ...medians(figures) });
      }
      return { conditions: [`${rounds} rounds`, `${DAYS} days`], rows };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  tables: ({ rows }) => [
    [
      [
        'events in the tables',
        'of the person',
        'of days',
        'found, ms',
        'ms CPU',
        'until the answer, ms',
        'ms CPU',
        'until gone, ms',
        'ms CPU',
      ],
      ...rows.map((row) => [
        told(row.stored),
        told(row.rows),
        told(row.days),
        ...['find_ms', 'find_cpu_ms', 'answer_ms', 'answer_cpu_ms', 'gone_ms', 'gone_cpu_ms'].map((figure) =>
          cell(row, figure),
        ),
      ]),
    ],
  ],
  outcome({ rows }) {
    const greatest = Math.max(...rows.map(({ stored }) => stored));
    const [least, most] = [Math.min, Math.max].map((pick) => {
      const many = pick(...rows.map((row) => row.rows));
      return rows.find((row) => row.stored === greatest && row.rows === many);
    });
    const before = rows.find((row) => row.stored < greatest && row.rows === most.rows);
    const times = (figure, to, from) => (to[figure] / from[figure]).toFixed(1);
    const goal = greatest < GOAL_EVENTS ? '' : ` (goal ${most.find_ms <= GOAL_MS ? 'met' : 'missed'})`;
    return (
      `Of ${told(greatest)} events somebody of ${told(most.rows)} is found in ${told(most.find_ms)} ms${goal}, and each of their days costs ` +
      `${told(most.gone_cpu_ms / most.days)} ms CPU. To somebody of ${told(least.rows)}: finding costs ${times('find_cpu_ms', most, least)} ` +
      `times the CPU, erasing ${times('gone_cpu_ms', most, least)}. To ${told(before.stored)} events: finding ` +
      `${times('find_cpu_ms', most, before)}, erasing ${times('gone_cpu_ms', most, before)}.`
    );
  },
};

/** A number of twelve digits that is no visit's. */
const numberOf = (person) => 900_000_000_000 + person;
const visitorId = (person) => `019aa1c0-aaaa-7000-8000-${numberOf(person)}`;

/** Tables and sealed days as they are on the last of the days. */
async function fillData(data, { events, people }) {
  process.stderr.write(`filling tables with ${events} events\n`);
  await mkdir(join(data, 'store'), { recursive: true });
  await writeSecrets(data);
  const to = Date.now();
  const from = to - DAYS * DAY_MS;
  const visits = Math.ceil(events / EVENTS);
  const frequent = people.filter((rows) => rows >= EVENTS).sort((one, other) => one - other);
  // The rarest first: each has a place of its own in the turn of the more frequent.
  const turns = frequent.map((rows, place) => ({
    ...{ person: rows, place, left: rows / EVENTS },
    every: Math.floor(visits / (rows / EVENTS)),
  }));
  const visitorOf = (visit) => {
    const turn = turns.find(({ every, place, left }) => left > 0 && visit % every === place);
    if (!turn) return visit;
    turn.left -= 1;
    return numberOf(turn.person);
  };
  const samples = await sampleRecords(withKeys());
  await fillLog({ samples, folder: join(data, 'log', 'visits'), events, from, to, visitorOf });
  const [single] = people.filter((rows) => rows < EVENTS);
  if (single !== undefined) {
    const few = await sampleRecords((record) => ({ ...record, events: record.events.slice(0, single) }));
    const visitorOf = () => numberOf(single);
    await fillLog({ samples: few, folder: join(data, 'log', 'single'), events: 1, from: from + DAY_MS, to, visitorOf });
  }
  await runChild('./subject_child.mjs', ['fill', data]);
  await rm(join(data, 'log'), { recursive: true });
}

/** Puts a customer's number and contact into each event of some records. */
function withKeys() {
  let count = 0;
  return (record) => {
    if (count++ % KNOWN !== 0) return record;
    const number = record.events[0].visitor_id.slice(-12);
    const keys = { customer_id: CUSTOMER + number, email_hmac: CONTACT + number };
    return { ...record, events: record.events.map((event) => ({ ...event, keys })) };
  };
}
