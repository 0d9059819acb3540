export function findChromium(env?: NodeJS.ProcessEnv): string | undefined;
export function chromiumArgs(userId?: number): string[];
export function ensureChromium(): Promise<void>;
