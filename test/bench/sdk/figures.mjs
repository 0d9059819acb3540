import { medianOf } from '../median.mjs';
import { CALLS, THROTTLE } from './visit.mjs';

/** The page that all others are compared with. */
export const EMPTY = 'empty page';

/**
 * What is told of each subject. `goal`: what Parcours must reach as a script tag, at most unless `atLeast`. `overEmpty`: less the
 * same of the empty page in the same round. `unit` multiplies.
 *
 * @typedef {object} Figure
 * @property {keyof import('./visit.mjs').Measured} key
 * @property {string} title
 * @property {number} [goal]
 * @property {boolean} [atLeast]
 * @property {boolean} [overEmpty]
 * @property {number} [unit]
 */

/** @type {readonly Figure[]} */
export const FIGURES = [
  { key: 'minified', title: 'scripts, bytes minified' },
  { key: 'gzip', title: 'scripts, bytes gzip -9' },
  { key: 'brotli', title: 'scripts, bytes brotli 11' },
  { key: 'loadMs', title: `load, ms CPU over the empty page, ${THROTTLE}x`, goal: 48, overEmpty: true },
  { key: 'blockingMs', title: 'load, ms blocking', goal: 0, overEmpty: true },
  { key: 'heapBytes', title: 'heap, KiB over the empty page', goal: 150, overEmpty: true, unit: 1 / 1024 },
  { key: 'syncMs', title: `${CALLS} calls, ms until the last returned, ${THROTTLE}x` },
  { key: 'callsMs', title: `${CALLS} calls, ms with microtasks, ${THROTTLE}x`, goal: 150 },
  { key: 'totalMs', title: `${CALLS} calls, ms CPU in all, ${THROTTLE}x`, goal: 1000 },
  { key: 'arrived', title: `of ${CALLS}, arrived in 5 s`, goal: CALLS, atLeast: true },
  { key: 'scripts', title: 'requests: scripts', goal: 1 },
  { key: 'others', title: 'requests: configuration', goal: 1 },
  { key: 'posts', title: 'requests: events', goal: 1 },
  { key: 'preflights', title: 'requests: preflights', goal: 0 },
  { key: 'bodyBytes', title: 'body bytes of a page view', goal: 750 },
];

/**
 * @typedef {{ median: number, min: number, max: number }} Spread
 * @typedef {{ figure: string, title: string, goal?: number, at_least?: true, values: Record<string, Spread>, best_peer?: string,
 *   ratio?: number, is_met?: boolean }} Row  `values` by name of the subject; `ratio`: how many times the value of the best peer the
 *   first script tag has; `is_met` where there is a goal and a script tag
 */

/**
 * Medians of all rounds, with the best peer and the goal.
 *
 * @param {readonly import('./subjects.mjs').Subject[]} subjects
 * @param {readonly ReadonlyMap<string, import('./visit.mjs').Measured>[]} rounds by name of the subject
 * @returns {readonly Row[]}
 */
export function figuresOf(subjects, rounds) {
  const empty = subjects.find(({ kind }) => kind === 'empty');
  const tag = subjects.find(({ kind }) => kind === 'parcours');
  const peers = subjects.filter(({ kind }) => kind === 'peer');
  return FIGURES.map((figure) => {
    const { key, title, goal, atLeast = false, overEmpty = false, unit = 1 } = figure;
    const values = {};
    for (const { name } of subjects.filter((subject) => subject !== empty || overEmpty)) {
      const isOver = overEmpty && empty !== undefined && name !== empty.name;
      const inRounds = rounds
        .filter((round) => round.get(name)?.[key] !== undefined)
        .map((round) => (round.get(name)[key] - (isOver ? round.get(empty.name)[key] : 0)) * unit);
      if (inRounds.length > 0) values[name] = spreadOf(inRounds);
    }
    const ours = tag && values[tag.name]?.median;
    return {
      figure: key,
      title,
      ...(goal !== undefined && { goal, ...(atLeast && { at_least: true }) }),
      values,
      ...(ours !== undefined && bestOf(peers, { values, ours, atLeast })),
      ...(goal !== undefined && ours !== undefined && { is_met: atLeast ? ours >= goal : ours <= goal }),
    };
  });
}

function bestOf(peers, { values, ours, atLeast }) {
  const [first] = peers
    .filter(({ name }) => values[name])
    .map(({ name }) => ({ name, value: values[name].median }))
    .sort((a, b) => (atLeast ? b.value - a.value : a.value - b.value));
  const ratio = first && ours / first.value;
  return Number.isFinite(ratio) ? { best_peer: first.name, ratio } : {};
}

/** Bytes are whole, and of a millisecond more than a tenth is chance. */
function spreadOf(numbers) {
  const { median, min, max } = medianOf(numbers);
  const [a, b, c] = [median, min, max].map((number) => Math.round(number * 10) / 10);
  return { median: a, min: b, max: c };
}

/**
 * The table: a figure a line, a subject a column. A spread follows where it is a tenth of the median or more.
 *
 * @param {readonly Row[]} rows
 * @returns {string[][]}
 */
export function tableOf(rows) {
  const subjects = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  // What the empty page has no value of stands first in no row but those that are compared with it.
  subjects.sort((a, b) => Number(b === EMPTY) - Number(a === EMPTY));
  return [
    ['', ...subjects, 'to best peer', 'goal', ''],
    ...rows.map(({ title, values, best_peer, ratio, goal, at_least, is_met }) => [
      title,
      ...subjects.map((name) => cell(values[name])),
      ratio === undefined ? '' : `${ratio.toFixed(2)} (${best_peer})`,
      goal === undefined ? '' : `${at_least ? '≥' : '≤'} ${goal}`,
      is_met === undefined ? '' : is_met ? 'met' : 'missed',
    ]),
  ];
}

function cell(spread) {
  if (spread === undefined) return '';
  const { median, min, max } = spread;
  const isWide = max - min >= Math.max(2, Math.abs(median) / 10);
  return isWide ? `${round(median)} (${round(min)}–${round(max)})` : round(median);
}

const round = (number) => Math.round(number).toLocaleString('en-GB');
