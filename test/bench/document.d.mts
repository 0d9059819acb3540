export const DOCUMENT: string;
export function sectionOf(text: string, name: string): string;
export function withSection(text: string, name: string, body: string): string;
export function writeSection(name: string, body: string): void;
export function provenance(conditions: readonly string[]): string;
