export function hasWebkit(): boolean;
export function ensureWebkit(): Promise<void>;
