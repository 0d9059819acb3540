import {
  type Content,
  type HeaderObject,
  type OpenApi,
  type OperationObject,
  type Reference,
  type ResponseObject,
  resolved,
} from '@parcours/protocol/openapi';
import { curlOf } from './curl.ts';
import { Line, Prose } from './prose.tsx';
import type { ReferenceText } from './reference_text.ts';
import { SchemaTable } from './schema_table.tsx';
import { sharedAnchor, sharedName } from './shared_parts.ts';

export interface DocumentParts {
  readonly document: OpenApi;
  readonly text: ReferenceText;
  /** Begins every anchor of this document. */
  readonly name: string;
  /** Where its routes are called. */
  readonly origin: string;
}

export const schemaAnchor = (name: string, schema: string): string => sharedAnchor(name, 'schemas', schema);

/** One operation: its line, and all the rest behind it. */
export const Operation = ({
  method,
  path,
  operation,
  ...parts
}: DocumentParts & { readonly method: string; readonly path: string; readonly operation: OperationObject }) => {
  const { text, name, origin } = parts;
  const { parameters = [], requestBody, responses } = operation;
  return (
    <details class="operation">
      <summary>
        <code class="method">{method}</code> <code>{path}</code>{' '}
        <span lang="en">
          <Line text={operation.summary} />
        </span>
      </summary>
      {/* Inside, so that a link to it opens what is closed around it (HTML, ancestor revealing). */}
      <div class="told" id={`${name}-${operation.operationId}`}>
        <div lang="en">
          <Prose text={operation.description} />
        </div>
        <p>
          {text.who}: <Security operation={operation} text={text} />
        </p>
        <h5>{text.curl}</h5>
        <pre tabindex={0}>
          <code>{curlOf(origin, method, path, operation)}</code>
        </pre>
        {parameters.length > 0 && (
          <>
            <h5>{text.parameters}</h5>
            <Values
              values={parameters.map((each) => ({ ...each, place: text.places[each.in as keyof typeof text.places] }))}
              {...parts}
            />
          </>
        )}
        {requestBody && (
          <>
            <h5>{text.body}</h5>
            <div lang="en">
              <Prose text={requestBody.description} />
            </div>
            <Body content={requestBody.content} {...parts} />
          </>
        )}
        <h5>{text.answers}</h5>
        {Object.entries(responses).map(([status, answer]) => (
          <AnswerOrLink status={status} answer={answer} {...parts} />
        ))}
      </div>
    </details>
  );
};

const Security = ({ operation, text }: { readonly operation: OperationObject; readonly text: ReferenceText }) => {
  const schemes = operation.security.map((each) => Object.keys(each)[0] ?? text.nothing);
  const roles = operation['x-roles'] ?? [];
  if (schemes.length === 0) return <>{text.everybody}</>;
  return (
    <>
      {roles.length > 0 && `${roles.join(', ')} · `}
      {schemes.join(` ${text.or} `)}
    </>
  );
};

/** An answer of a route: a link where the document tells it once for many, otherwise all of it. */
export const AnswerOrLink = ({
  answer,
  ...parts
}: DocumentParts & { readonly status: string; readonly answer: ResponseObject | Reference }) => {
  const { document, name, status } = parts;
  const shared = sharedName(answer);
  const told = resolved<ResponseObject>(document, answer);
  if (shared === undefined) return <Answer answer={told} {...parts} />;
  return (
    <p class="answer" lang="en">
      <a href={`#${sharedAnchor(name, 'responses', shared)}`}>{status}</a> <Lines text={told.description} />
    </p>
  );
};

/** The lines of a description in one paragraph. */
const Lines = ({ text }: { readonly text: string }) => <Line text={text.split('\n').join(' ')} />;

/** One answer, by its status. */
export const Answer = ({
  status,
  answer,
  anchor,
  ...parts
}: DocumentParts & { readonly status: string; readonly answer: ResponseObject; readonly anchor?: string }) => {
  const { text } = parts;
  const headers = Object.entries(answer.headers ?? {});
  return (
    <details class="answer">
      <summary>
        <code>{status}</code>{' '}
        <span lang="en">
          <Line text={answer.description.split('\n')[0] ?? ''} />
        </span>
      </summary>
      <div class="told" id={anchor}>
        <div lang="en">
          <Prose text={answer.description} />
        </div>
        {answer.content && <Body content={answer.content} {...parts} />}
        {headers.length > 0 && (
          <>
            <h6>{text.headers}</h6>
            <HeaderList headers={headers} {...parts} />
          </>
        )}
      </div>
    </details>
  );
};

/** The headers of an answer: names that lead to what is told of them once, then those told here. */
const HeaderList = ({
  headers,
  ...parts
}: DocumentParts & { readonly headers: readonly (readonly [string, HeaderObject | Reference])[] }) => {
  const { document, name: documentName } = parts;
  const shared = headers.flatMap(([name, header]) => {
    const part = sharedName(header);
    return part === undefined ? [] : [{ name, href: `#${sharedAnchor(documentName, 'headers', part)}` }];
  });
  const own = headers.filter(([, header]) => sharedName(header) === undefined);
  return (
    <>
      {shared.length > 0 && (
        <p lang="en">
          {shared.map(({ name, href }, index) => (
            <>
              {index > 0 && ', '}
              <a href={href}>{name}</a>
            </>
          ))}
        </p>
      )}
      {own.length > 0 && (
        <Values
          values={own.map(([name, header]) => ({ name, ...resolved<HeaderObject>(document, header) }))}
          {...parts}
        />
      )}
    </>
  );
};

const Body = ({ content, text, name }: DocumentParts & { readonly content: Content }) => {
  const types = Object.entries(content);
  const [first] = types;
  // Content types of the same schema are told in one line.
  const isOne = types.every(([, { schema }]) => JSON.stringify(schema) === JSON.stringify(first?.[1].schema));
  return (
    <>
      {(isOne && first ? [[types.map(([type]) => type).join(', '), first[1]] as const] : types).map(
        ([type, { schema, examples = {} }]) => (
          <>
            <p>
              <code>{type}</code>
            </p>
            {schema && (
              <div class="scroll" lang="en">
                <SchemaTable schema={schema} text={text} anchor={(named) => schemaAnchor(name, named)} />
              </div>
            )}
            {Object.entries(examples).map(([title, { value }]) => (
              <details>
                <summary>
                  {text.examples}: <span lang="en">{title}</span>
                </summary>
                <pre tabindex={0}>
                  <code>{JSON.stringify(value, null, 2)}</code>
                </pre>
              </details>
            ))}
          </>
        ),
      )}
    </>
  );
};

/** Parameters or headers, a row each. */
export const Values = ({
  values,
  text,
  name: document,
}: DocumentParts & {
  readonly values: readonly (HeaderObject & {
    readonly name: string;
    readonly place?: string;
    readonly anchor?: string;
  })[];
}) => (
  <div class="scroll" lang="en">
    <table class="schema">
      <thead>
        <tr>
          <th scope="col">{text.name}</th>
          <th scope="col">{text.type}</th>
          <th scope="col">{text.meaning}</th>
        </tr>
      </thead>
      <tbody>
        {values.map(({ name, place, anchor, required, schema, description }) => (
          <tr id={anchor}>
            <th scope="row">
              <code>{name}</code>
              <span class="hint">
                {' '}
                {place && `${place}, `}
                {required ? text.required : text.optional}
              </span>
            </th>
            <td>
              <SchemaTable schema={schema} text={text} anchor={(named) => schemaAnchor(document, named)} />
            </td>
            <td>
              <Prose text={description} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
