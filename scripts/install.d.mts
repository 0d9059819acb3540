export const PNPM: string;
export function requireNode(version: string): void;
export function install(): Promise<void>;
