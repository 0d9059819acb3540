import { z } from 'zod';
import { errorReply } from '../replies.ts';
import type { AppDescription } from './app_description.ts';
import type { Components } from './components.ts';
import type { HeaderObject, Reference, ResponseObject } from './open_api.ts';
import type { AnswerDescription, Value } from './operation.ts';

export const valueObject = (value: Value, components: Components, io: 'input' | 'output'): HeaderObject => ({
  description: value.description,
  required: value.required ?? false,
  schema: components.schema(value.schema ?? z.string(), io),
  ...(value.example !== undefined && { example: value.example }),
});

export function answerObject(answer: AnswerDescription, about: AppDescription, components: Components): ResponseObject {
  const { description, schema, examples } = answer;
  const type = answer.type ?? (schema || examples ? 'application/json' : undefined);
  const headers = Object.entries({ ...about.headers, ...answer.headers });
  return {
    description,
    ...(headers.length > 0 && {
      headers: Object.fromEntries(
        headers.map(([name, value]) => [name, components.header(name, valueObject(value, components, 'output'))]),
      ),
    }),
    ...(type && {
      content: { [type]: { ...(schema && { schema: components.schema(schema, 'output') }), ...examplesOf(examples) } },
    }),
  };
}

export const examplesOf = (examples?: Readonly<Record<string, unknown>>) =>
  examples && { examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])) };

/** One status may be a page to people and an error in JSON to programs; two of one content type do not go together. */
export function bothAnswers(one: ResponseObject, other: ResponseObject, twice: string): ResponseObject {
  if (!one.content || !other.content || Object.keys(other.content).some((type) => one.content?.[type])) {
    throw new Error(twice);
  }
  return {
    description: `${one.description}\n${other.description}`,
    headers: { ...one.headers, ...other.headers },
    content: { ...one.content, ...other.content },
  };
}

/** The answers that a set of error codes makes, by status: the codes of one status share an answer. They stand under `components`. */
export const errorAnswers = (
  codes: readonly string[],
  about: AppDescription,
  components: Components,
): Record<string, Reference> =>
  Object.fromEntries(
    Object.entries(errorObjects(codes, about, components)).map(([status, answer]) => [
      status,
      components.answer(`Error${status}`, answer),
    ]),
  );

/** The same answers in full. */
export function errorObjects(
  codes: readonly string[],
  about: AppDescription,
  components: Components,
): Record<string, ResponseObject> {
  const byStatus = new Map<number, string[]>();
  for (const code of new Set(codes)) {
    const known = about.errors[code];
    if (!known) throw new Error(`openapi: ${code} is no error code of this app`);
    byStatus.set(known.status, [...(byStatus.get(known.status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, these]) => {
      const text = (code: string): string => about.errors[code]?.text ?? '';
      const answer: AnswerDescription = {
        description: these.map((code) => `\`${code}\`: ${text(code)}.`).join('\n'),
        schema: errorReply(these as [string, ...string[]]),
        headers: about.errorHeaders?.(status) ?? {},
        examples: Object.fromEntries(these.map((code) => [code, { error: { code, message: text(code) } }])),
      };
      return [String(status), answerObject(answer, about, components)];
    }),
  );
}
