import { type HeaderObject, type OpenApi, operationsOf, resolved } from '@parcours/protocol/openapi';

/** What a document tells once and refers to. */
export type SharedKind = 'schemas' | 'responses' | 'headers';

const KIND_IN_ANCHOR = { schemas: 'schema', responses: 'answer', headers: 'header' } as const;

/** Where a shared part stands on the page. @param name the document's, `collector` or `console` */
export const sharedAnchor = (name: string, kind: SharedKind, part: string): string =>
  `${name}-${KIND_IN_ANCHOR[kind]}-${part}`;

/** The name under which a document keeps what a reference leads to: `Error400-2`; none for what is told in place. */
export const sharedName = (part: object): string | undefined =>
  '$ref' in part && typeof part.$ref === 'string' ? part.$ref.split('/').at(-1) : undefined;

export interface SharedHeader {
  /** As the document keeps it: a header that is told in two ways is there twice, as `set-cookie` and `set-cookie-2`. */
  readonly part: string;
  /** As it is sent. */
  readonly name: string;
  readonly header: HeaderObject;
}

/** Every header that answers of the document refer to, once. */
export function sharedHeaders(document: OpenApi): readonly SharedHeader[] {
  const answers = [
    ...operationsOf(document).flatMap(({ operation }) => Object.values(operation.responses)),
    ...Object.values(document['x-elsewhere']),
    ...Object.values(document.components.responses),
  ];
  const found = new Map<string, SharedHeader>();
  for (const answer of answers) {
    for (const [name, header] of Object.entries(resolved(document, answer).headers ?? {})) {
      const part = sharedName(header);
      if (part !== undefined) found.set(part, { part, name, header: resolved<HeaderObject>(document, header) });
    }
  }
  return [...found.values()].sort((a, b) => (a.part < b.part ? -1 : 1));
}
