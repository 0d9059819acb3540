type Rows = readonly (readonly (string | number)[])[];

export function textTable(rows: Rows): string;
export function markdownTable(rows: Rows): string;
export function tablesOf(text: string): string[][][];
