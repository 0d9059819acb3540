import { randomUUID } from 'node:crypto';
import { DIAGNOSE_HEADER, type Diagnosis, signDiagnosis } from '@parcours/collector';
import type { Context } from './context.ts';
import type { Answer } from './http.ts';

/** How the collector saw a request, or why that cannot be told. */
export type Diagnosed =
  | { readonly diagnosis: Diagnosis; readonly answer: Answer; readonly isCached: boolean }
  | { readonly reason: string };

/** Asks the collector, through whatever stands in front, how a request with these headers arrived. */
export async function diagnose(
  { probes }: Context,
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<Diagnosed> {
  const secret = await probes.diagnoseSecret();
  if (!secret) return { reason: 'the secrets cannot be read, which sign the question' };
  const nonce = randomUUID();
  const signed = { [DIAGNOSE_HEADER]: signDiagnosis(secret, { now: probes.now(), nonce }) };
  let answer: Answer;
  try {
    answer = await probes.ask(url, { headers: { ...headers, ...signed } });
  } catch (error) {
    return { reason: (error as Error).message };
  }
  const diagnosis = read(answer.body);
  if (answer.status === 200 && diagnosis) return { diagnosis, answer, isCached: diagnosis.nonce !== nonce };
  const by = answer.all('x-error-code').length > 0 ? 'a collector that does not take this signature' : 'something else';
  return { reason: `${url.href} is answered by ${by} (${answer.status})` };
}

function read(body: string): Diagnosis | undefined {
  try {
    const value = JSON.parse(body) as Partial<Diagnosis>;
    return typeof value.nonce === 'string' && value.socket !== undefined ? (value as Diagnosis) : undefined;
  } catch {
    return undefined;
  }
}
