import { DEFAULT_RULES } from '@parcours/protocol';

/** People of the smallest group that reports tell of a site, or of all sites together, by the policy in force. */
export type ReportK = (site: string | undefined) => number;

export const defaultReportK: ReportK = () => DEFAULT_RULES.report_k;
