/**
 * A count of what was told without consent as exempt, as it is shown anywhere: to the nearest ten. Source: CNIL's self-assessment of
 * July 2025 for measurement that is exempt from consent.
 */
export const toTen = (count: number): number => Math.round(count / 10) * 10;
