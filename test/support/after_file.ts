import { afterAll } from 'vitest';
import { closeVisits } from './browser.ts';

/** Runs after each file's own `afterAll`: the next file of the same worker finds the browser without anyone's pages. */
afterAll(closeVisits);
