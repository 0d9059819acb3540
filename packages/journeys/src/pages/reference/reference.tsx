import { type OpenApi, operationsOf } from '@parcours/protocol/openapi';
import { type ConsoleOperation, page } from '../../access/allow.ts';
import type { Journeys } from '../../env.ts';
import { consoleOpenApi } from '../../openapi.ts';
import { IN_LANGUAGE, languageOf } from '../language.ts';
import { renderPage } from '../layout.tsx';
import { Answer, AnswerOrLink, type DocumentParts, Operation, schemaAnchor, Values } from './operation.tsx';
import { Line, Prose } from './prose.tsx';
import { referenceText } from './reference_text.ts';
import { SchemaTable } from './schema_table.tsx';
import { sharedAnchor, sharedHeaders } from './shared_parts.ts';

const PAGE: ConsoleOperation = {
  id: 'showReference',
  tag: 'pages',
  roles: ['analyst'],
  summary: 'The API reference: every route of collector and console',
  ...IN_LANGUAGE,
  answers: { 200: { description: 'The page.', type: 'text/html' } },
};

/**
 * `/reference`: the OpenAPI documents of both listeners as a page, without a script: what is long is folded (`details`), and a
 * link or the browser's own search unfolds it.
 *
 * @param describeCollector gives the collector's document, if there is one to show
 */
export function referencePage(app: Journeys, describeCollector: (() => OpenApi) | undefined): void {
  let own: OpenApi | undefined;
  let collector: OpenApi | undefined;
  app.get(
    '/reference',
    ...page(PAGE, (context) => {
      const language = languageOf(context);
      const text = referenceText[language];
      // Made when it is first asked for: every route is mounted by then.
      own ??= consoleOpenApi(app);
      collector ??= describeCollector?.();
      const documents: readonly DocumentParts[] = [
        ...(collector ? [{ document: collector, name: 'collector', origin: 'https://collector.example', text }] : []),
        { document: own, name: 'console', origin: new URL(context.req.url).origin, text },
      ];
      return renderPage(context, {
        title: text.title,
        language,
        path: '/reference',
        children: (
          <div class="reference">
            <h1>{text.title}</h1>
            <p class="lead">{text.intro}</p>
            <p>
              {text.machine} <a href="/openapi.json">/openapi.json</a>
            </p>
            <nav class="card" aria-label={text.contents}>
              <h2>{text.contents}</h2>
              <ul lang="en">
                {documents.map((parts) => (
                  <Contents {...parts} language={language} />
                ))}
              </ul>
            </nav>
            {documents.map((parts) => (
              <Document {...parts} />
            ))}
          </div>
        ),
      });
    }),
  );
}

const Contents = ({ document, name, text, language }: DocumentParts & { readonly language: string }) => (
  <li>
    <a href={`#${name}`}>{document.info.title}</a>
    <ul>
      {document.tags.map((tag) => (
        <li>
          <a href={`#${name}-${tag.name}`}>{tag.name}</a>
          <ul>
            {operationsOf(document)
              .filter(({ operation }) => operation.tags.includes(tag.name))
              .map(({ operation }) => (
                <li>
                  <a href={`#${name}-${operation.operationId}`}>
                    <Line text={operation.summary} />
                  </a>
                </li>
              ))}
          </ul>
        </li>
      ))}
      <li>
        <a href={`#${name}-shared`} lang={language}>
          {text.shared}
        </a>
      </li>
      <li>
        <a href={`#${name}-schemas`} lang={language}>
          {text.schemas}
        </a>
      </li>
    </ul>
  </li>
);

const Document = (parts: DocumentParts) => {
  const { document, name, text } = parts;
  const anchor = (schema: string): string => schemaAnchor(name, schema);
  return (
    <section class="card" aria-labelledby={name}>
      <h2 id={name}>
        <span lang="en">{document.info.title}</span> {document.info.version}
      </h2>
      <div lang="en">
        <Prose text={document.info.description} />
        {Object.entries(document.components.securitySchemes).map(([scheme, { description }]) => (
          <p>
            <code>{scheme}</code> {String(description)}
          </p>
        ))}
      </div>
      {document.tags.map((tag) => (
        <>
          <h3 id={`${name}-${tag.name}`} lang="en">
            {tag.name}
          </h3>
          <p class="hint" lang="en">
            {tag.description}
          </p>
          {operationsOf(document)
            .filter(({ operation }) => operation.tags.includes(tag.name))
            .map((found) => (
              <Operation {...parts} {...found} />
            ))}
        </>
      ))}
      <h3>{text.elsewhere}</h3>
      {Object.entries(document['x-elsewhere']).map(([status, answer]) => (
        <AnswerOrLink {...parts} status={status} answer={answer} />
      ))}
      <Shared {...parts} />
      <h3 id={`${name}-schemas`}>{text.schemas}</h3>
      {Object.entries(document.components.schemas).map(([schema, told]) => (
        <details>
          <summary>
            <code>{schema}</code> <span lang="en">{String(told.description ?? '')}</span>
          </summary>
          <div class="told scroll" id={anchor(schema)} lang="en">
            <SchemaTable schema={told} text={text} anchor={anchor} />
          </div>
        </details>
      ))}
    </section>
  );
};

/** What many answers of the document have in common. */
const Shared = (parts: DocumentParts) => {
  const { document, name, text } = parts;
  return (
    <>
      <h3 id={`${name}-shared`}>{text.shared}</h3>
      <details>
        <summary>{text.answers}</summary>
        <div class="told">
          {Object.entries(document.components.responses).map(([part, answer]) => (
            <Answer
              {...parts}
              status={/\d{3}/.exec(part)?.[0] ?? part}
              answer={answer}
              anchor={sharedAnchor(name, 'responses', part)}
            />
          ))}
        </div>
      </details>
      <details>
        <summary>{text.headers}</summary>
        <div class="told">
          <Values
            {...parts}
            values={sharedHeaders(document).map(({ part, name: sent, header }) => ({
              ...header,
              name: sent,
              anchor: sharedAnchor(name, 'headers', part),
            }))}
          />
        </div>
      </details>
    </>
  );
};
