import { medianOf } from '../median.mjs';
import { CALLS, THROTTLE } from './visit.mjs';

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
 * @typedef {{ figure: Figure, values: ReadonlyMap<string, Spread>, best: { name: string, ratio: number } | undefined,
 *   isMet: boolean | undefined }} Row  `best`: the best peer, and how many times its value the first script tag has; `isMet`
 *   where there is a goal and a script tag
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
    const { key, goal, atLeast = false, overEmpty = false, unit = 1 } = figure;
    const values = new Map();
    for (const { name } of subjects.filter((subject) => subject !== empty || overEmpty)) {
      const isOver = overEmpty && empty !== undefined && name !== empty.name;
      const inRounds = rounds
        .filter((round) => round.get(name)?.[key] !== undefined)
        .map((round) => (round.get(name)[key] - (isOver ? round.get(empty.name)[key] : 0)) * unit);
      if (inRounds.length > 0) values.set(name, medianOf(inRounds));
    }
    const ours = tag && values.get(tag.name)?.median;
    return {
      figure,
      values,
      best: ours === undefined ? undefined : bestOf(peers, { values, ours, atLeast }),
      isMet: goal === undefined || ours === undefined ? undefined : atLeast ? ours >= goal : ours <= goal,
    };
  });
}

function bestOf(peers, { values, ours, atLeast }) {
  const [first] = peers
    .filter(({ name }) => values.has(name))
    .map(({ name }) => ({ name, value: values.get(name).median }))
    .sort((a, b) => (atLeast ? b.value - a.value : a.value - b.value));
  return first && { name: first.name, ratio: ours / first.value };
}

/**
 * The rows of the table: a figure a line, a subject a column. A spread follows where it is a tenth of the median or more.
 *
 * @param {readonly import('./subjects.mjs').Subject[]} subjects
 * @param {readonly Row[]} figures
 * @returns {string[][]}
 */
export function rowsOf(subjects, figures) {
  const head = ['', ...subjects.map(({ name }) => name), 'to best peer', 'goal', ''];
  return [
    head,
    ...figures.map(({ figure, values, best, isMet }) => [
      figure.title,
      ...subjects.map(({ name }) => cell(values.get(name))),
      best === undefined || !Number.isFinite(best.ratio) ? '' : `${best.ratio.toFixed(2)} (${best.name})`,
      figure.goal === undefined ? '' : `${figure.atLeast ? '≥' : '≤'} ${figure.goal}`,
      isMet === undefined ? '' : isMet ? 'met' : 'missed',
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
