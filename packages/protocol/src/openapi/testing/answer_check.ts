import type { HeaderObject, OpenApi, OperationObject, ResponseObject } from '../open_api.ts';
import { operationsOf, resolved } from '../read.ts';
import { createSchemaCheck } from './schemas.ts';

/** Headers of the transport, which say nothing of the API. */
const TRANSPORT = new Set(['connection', 'content-length', 'content-type', 'date', 'keep-alive', 'transfer-encoding']);

/** An operation's answer that was seen: `sendEvents 200`; `elsewhere 404` for what is not described. */
export type Seen = `${string} ${number}`;

/**
 * Holds an answer to a document: status, content type, headers, and body by its schema.
 *
 * @throws Error that says where the two differ
 */
export type AnswerCheck = (method: string, url: string, answer: Answer) => Promise<Seen>;

/** What is read of a response; its body only where it is described as JSON, or not at all. */
export type Answer = Pick<Response, 'status' | 'headers' | 'text'>;

export function createAnswerCheck(document: OpenApi): AnswerCheck {
  const check = createSchemaCheck(document);
  const find = createFinder(document, check);
  return async (method, url, answer) => {
    const path = url.replace(/^https?:\/\/[^/]+/, '').replace(/[?#].*$/, '') || '/';
    // Asked without the body, an answer is that of GET in all else.
    const operation = find(method === 'HEAD' ? 'GET' : method, path);
    const { status } = answer;
    const at = operation?.operationId ?? 'elsewhere';
    const told = (operation?.responses ?? document['x-elsewhere'])[status];
    const fail = (fault: string): never => {
      throw new Error(`openapi: ${method} ${path} (${at}) answered ${status}: ${fault}`);
    };
    if (!told) return fail('this status is not described');
    const { headers = {}, content } = resolved<ResponseObject>(document, told);
    const faults = headerFaults(document, headers, answer.headers, check);
    if (faults.length > 0) fail(faults.join('; '));
    if (method === 'HEAD') return `${at} ${status}`;

    const type = answer.headers.get('content-type')?.split(';', 1)[0];
    if (!content) {
      if (type !== undefined || (await answer.text()) !== '') fail(`has a body of ${type}, and none is described`);
      return `${at} ${status}`;
    }
    const body = type === undefined ? undefined : content[type];
    if (!body) return fail(`the content type ${type} is not described (${Object.keys(content).join(', ')})`);
    if (body.schema) {
      const wrong = check(body.schema, JSON.parse(await answer.text()));
      if (wrong.length > 0) fail(wrong.join('; '));
    }
    return `${at} ${status}`;
  };
}

function headerFaults(
  document: OpenApi,
  described: NonNullable<ResponseObject['headers']>,
  sent: Headers,
  check: ReturnType<typeof createSchemaCheck>,
): string[] {
  const faults: string[] = [];
  for (const name of sent.keys()) {
    if (!TRANSPORT.has(name) && !(name in described)) faults.push(`the header ${name} is not described`);
  }
  for (const [name, part] of Object.entries(described)) {
    const { required, schema } = resolved<HeaderObject>(document, part);
    const value = sent.get(name);
    if (value === null) {
      if (required) faults.push(`the header ${name} is missing`);
    } else if (!TRANSPORT.has(name)) {
      for (const fault of check(schema, value)) faults.push(`the header ${name}: ${value}: ${fault}`);
    }
  }
  return faults;
}

/** Finds the operation of a path: what is written out before what is a template, as OpenAPI has it. */
function createFinder(
  document: OpenApi,
  check: ReturnType<typeof createSchemaCheck>,
): (method: string, path: string) => OperationObject | undefined {
  const entries = operationsOf(document)
    .map(({ method, path, operation }) => {
      const names = (path.match(/\{\w+\}/g) ?? []).map((name) => name.slice(1, -1));
      const literal = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
      return { method, operation, names, pattern: new RegExp(`^${literal.replace(/\{\w+\}/g, '([^/]+)')}$`) };
    })
    .sort((a, b) => a.names.length - b.names.length);
  return (method, path) =>
    entries.find((entry) => {
      const values = entry.method === method ? entry.pattern.exec(path)?.slice(1) : undefined;
      return values?.every((value, index) => {
        const parameter = entry.operation.parameters?.find(
          (each) => each.in === 'path' && each.name === entry.names[index],
        );
        return parameter !== undefined && check(parameter.schema, value).length === 0;
      });
    })?.operation;
}

/** What an app answers by its document, operation by operation. */
export const describedAnswers = (document: OpenApi): Seen[] =>
  operationsOf(document).flatMap(({ operation }) =>
    Object.keys(operation.responses).map((status): Seen => `${operation.operationId} ${Number(status)}`),
  );
