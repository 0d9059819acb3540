import type { Report } from './report.mjs';

export const DOCUMENT: string;
export function sectionOf(text: string, name: string): string;
export function withSection(text: string, name: string, body: string): string;
export function publishedReport(name: string): Report;
export function publish(report: Report, body: string): void;
export function writeSection(name: string, body: string): void;
