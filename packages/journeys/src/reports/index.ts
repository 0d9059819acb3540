import { funnel, funnelOptions } from './funnel.ts';

/** Every report: a new one is its file and its line here. */
export const REPORTS = [{ name: 'funnel', options: funnelOptions, run: funnel }] as const;

export type { Funnel, FunnelOptions, FunnelStep } from './funnel.ts';
