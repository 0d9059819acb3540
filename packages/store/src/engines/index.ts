/** The engines there are. A new one is its file and its line here. */
export type { DuckDbOptions } from './duckdb.ts';
export { openDuckDb } from './duckdb.ts';
