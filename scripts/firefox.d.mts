export function findFirefox(env?: NodeJS.ProcessEnv): string | undefined;
export function ensureFirefox(): Promise<void>;
