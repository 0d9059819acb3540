import type { RollupOptions } from 'rollup';

export function trackers(): readonly string[];
export function features(): readonly { readonly name: string; readonly source: string; readonly isObserver: boolean }[];
export function scripts(): readonly { readonly name: string; readonly config: RollupOptions }[];
export function parts(): readonly { readonly name: string; readonly source: string }[];
