import type { OperationObject } from '@parcours/protocol/openapi';

/** The call of an operation for a shell: the examples of its parameters and body filled in, secrets left to variables. */
export function curlOf(origin: string, method: string, path: string, operation: OperationObject): string {
  const { parameters = [], requestBody, security } = operation;
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => {
    const example = parameters.find((each) => each.in === 'path' && each.name === name)?.example;
    return String(example ?? `{${name}}`);
  });
  const lines = [`curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(origin + filled)}`];
  const bearer = security.find((scheme) => 'bearer' in scheme || 'secretKey' in scheme);
  // Where nothing is needed in the headers, the shortest call is the one without.
  if (bearer && !security.some((scheme) => Object.keys(scheme).length === 0)) {
    lines.push('-H "Authorization: Bearer $SECRET"');
  }
  const [[type, content] = []] = Object.entries(requestBody?.content ?? {});
  if (type && content) {
    lines.push(`-H ${quoted(`Content-Type: ${type}`)}`);
    const [example] = Object.values(content.examples ?? {});
    if (example) lines.push(`--data ${quoted(JSON.stringify(example.value))}`);
  }
  return lines.join(' \\\n  ');
}

/** Nothing within single quotes means anything to a shell; a quote of its own ends them for a moment. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
