export type Proxy = 'nginx' | 'caddy';
export function findProxy(name: Proxy, env?: NodeJS.ProcessEnv): string | undefined;
export function ensureProxies(): Promise<void>;
