import { track } from './tracking.js';

/**
 * What was searched for, and how much was found: nothing is worth knowing too.
 *
 * @param {{ search_term: string, results: number }} search
 */
export const startSearch = (search) => track('search', search);
