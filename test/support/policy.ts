import { outputOf } from './command.ts';
import { PATIENCE_MS } from './patience.ts';

/** Publishes a policy over a running program, and waits until browsers get it. */
export async function publishPolicy(
  file: string,
  { collector, data, site = 'shop' }: { readonly collector: string; readonly data: string; readonly site?: string },
): Promise<void> {
  const { hash } = JSON.parse(await outputOf(['policy', 'publish', file, '--json', '--data', data])) as {
    readonly hash: string;
  };
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const served = (await (await fetch(`${collector}/v1/policy/${site}`)).json()) as { readonly hash: string };
    if (served.hash === hash) return;
    if (performance.now() > until) throw new Error(`the policy ${hash} is not served: ${JSON.stringify(served)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
