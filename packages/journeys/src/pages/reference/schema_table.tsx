import type { JsonSchema } from '@parcours/protocol/openapi';
import { Prose } from './prose.tsx';
import type { ReferenceText } from './reference_text.ts';

export interface SchemaParts {
  readonly schema: JsonSchema;
  readonly text: ReferenceText;
  /** Where the named schemas of the document stand on the page. */
  readonly anchor: (schema: string) => string;
}

/** A schema as a table of its fields, tables within where a field has fields itself; a named schema is a link to its own. */
export const SchemaTable = ({ schema, text, anchor }: SchemaParts) => {
  const fields = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  const inner = innerOf(schema);
  if (fields.length === 0) {
    return (
      <>
        <p>
          <Type schema={schema} text={text} anchor={anchor} />
        </p>
        {inner && <SchemaTable schema={inner} text={text} anchor={anchor} />}
      </>
    );
  }
  const required = new Set((schema.required ?? []) as readonly string[]);
  return (
    <table class="schema">
      <thead>
        <tr>
          <th scope="col">{text.name}</th>
          <th scope="col">{text.type}</th>
          <th scope="col">{text.meaning}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(([name, field]) => {
          const fieldsOfField = innerOf(field);
          return (
            <tr>
              <th scope="row">
                <code>{name}</code>
                <span class="hint"> {required.has(name) ? text.required : text.optional}</span>
              </th>
              <td>
                <Type schema={field} text={text} anchor={anchor} />
              </td>
              <td>
                <Prose text={field.description as string | undefined} />
                {fieldsOfField && <SchemaTable schema={fieldsOfField} text={text} anchor={anchor} />}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
};

/** The object that a schema is made of, if it has fields: itself, the items of a list, the values of a map. */
function innerOf(schema: JsonSchema): JsonSchema | undefined {
  const parts = [schema, schema.items, schema.additionalProperties, ...((schema.anyOf ?? []) as readonly unknown[])];
  return parts.find((part): part is JsonSchema => Object.keys(Object(Object(part).properties)).length > 0);
}

/** What a value is, in a few words: `string`, `list of integer, at most 500`. */
const Type = ({ schema, text, anchor }: SchemaParts) => {
  const { $ref, anyOf, items, type } = schema;
  if (typeof $ref === 'string') {
    const name = $ref.split('/').at(-1) as string;
    return <a href={`#${anchor(name)}`}>{name}</a>;
  }
  if (Array.isArray(anyOf)) {
    return (
      <>
        {(anyOf as JsonSchema[]).map((each, index) => (
          <>
            {index > 0 && ` ${text.or} `}
            <Type schema={each} text={text} anchor={anchor} />
          </>
        ))}
      </>
    );
  }
  const rules = rulesOf(schema);
  return (
    <>
      {typeof type === 'string' ? type : Array.isArray(type) ? type.join(', ') : rules.length > 0 ? '' : 'any'}
      {typeof items === 'object' && items !== null && (
        <>
          {' of '}
          <Type schema={items as JsonSchema} text={text} anchor={anchor} />
        </>
      )}
      {rules.map((rule) => (
        <>
          {' '}
          <code>{rule}</code>
        </>
      ))}
    </>
  );
};

/** Largest whole number of JavaScript, by which zod bounds every integer: says nothing to a reader. */
const BOUND = Number.MAX_SAFE_INTEGER;

function rulesOf(schema: JsonSchema): string[] {
  const { minimum, maximum, exclusiveMinimum } = schema as Record<string, number | undefined>;
  const rules: string[] = [];
  if ('const' in schema) rules.push(JSON.stringify(schema.const));
  if (Array.isArray(schema.enum)) rules.push(...schema.enum.map((value) => JSON.stringify(value)));
  if (typeof schema.format === 'string') rules.push(schema.format);
  else if (typeof schema.pattern === 'string') rules.push(schema.pattern);
  if (minimum !== undefined && minimum !== -BOUND) rules.push(`≥ ${minimum}`);
  if (exclusiveMinimum !== undefined) rules.push(`> ${exclusiveMinimum}`);
  if (maximum !== undefined && maximum !== BOUND) rules.push(`≤ ${maximum}`);
  for (const [low, high] of [
    ['minLength', 'maxLength'],
    ['minItems', 'maxItems'],
  ] as const) {
    if (schema[low] === undefined && schema[high] === undefined) continue;
    rules.push(`${schema[low] ?? 0}…${schema[high] ?? ''}`);
  }
  if ('default' in schema) rules.push(`= ${JSON.stringify(schema.default)}`);
  return rules;
}
