import { funnel, funnelExample, funnelOptions, funnelResult } from './funnel.ts';

/** Every report: a new one is its file and its line here. */
export const REPORTS = [
  {
    name: 'funnel',
    summary: 'How many visitors got how far, in order',
    options: funnelOptions,
    result: funnelResult,
    example: funnelExample,
    run: funnel,
  },
] as const;

export type { Funnel, FunnelOptions, FunnelStep } from './funnel.ts';
