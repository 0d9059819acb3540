import type { Language } from '../language.ts';

/** Numbers, amounts of data and times as people of a language write them. */
export interface Numbers {
  whole(value: number): string;
  percent(share: number): string;
  bytes(value: number): string;
  /** How long, in one unit: `3 s`, `12 min`, `5 h`, `2 d`. */
  duration(ms: number): string;
  /** Time of day in UTC. */
  clock(at: number): string;
  /** Date and time in UTC. */
  moment(at: number): string;
}

const UNITS: Readonly<Record<Language, { readonly day: string; readonly byte: string }>> = {
  en: { day: 'd', byte: 'B' },
  fr: { day: 'j', byte: 'o' },
};

export function numbersIn(language: Language): Numbers {
  const whole = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const clock = new Intl.DateTimeFormat(language, { timeStyle: 'medium', timeZone: 'UTC', hourCycle: 'h23' });
  const moment = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: 'UTC',
    hourCycle: 'h23',
  });
  const figure = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const { day, byte } = UNITS[language];
  // A no-break space: a figure and its unit stay together.
  const inUnit = (value: number, unit: string): string => `${figure.format(value)}\u00a0${unit}`;
  return {
    whole: (value) => whole.format(value),
    percent: (share) => percent.format(share),
    bytes(value) {
      if (value < 1_000) return inUnit(value, byte);
      if (value < 1_000_000) return inUnit(value / 1_000, `k${byte}`);
      return value < 1_000_000_000 ? inUnit(value / 1_000_000, `M${byte}`) : inUnit(value / 1_000_000_000, `G${byte}`);
    },
    duration(ms) {
      const seconds = Math.max(0, ms) / 1_000;
      if (seconds < 10) return inUnit(seconds, 's');
      if (seconds < 90) return inUnit(Math.round(seconds), 's');
      if (seconds < 90 * 60) return inUnit(Math.round(seconds / 60), 'min');
      return seconds < 48 * 3_600
        ? inUnit(Math.round(seconds / 3_600), 'h')
        : inUnit(Math.round(seconds / 86_400), day);
    },
    clock: (at) => `${clock.format(at)} UTC`,
    moment: (at) => `${moment.format(at)} UTC`,
  };
}
