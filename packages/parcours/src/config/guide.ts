import type { Setting } from './settings.ts';

/** The guide to the configuration, its table made from the schema. */
export const guideOf = (settings: readonly Setting[]): string => `${INTRODUCTION}
| setting | environment | flag of \`serve\` | default | meaning |
| --- | --- | --- | --- | --- |
${settings.map(rowOf).join('\n')}

${SITES}`;

const INTRODUCTION = `# Configuration

<!-- Made from packages/parcours/src/config; a test fails where the two differ, and \`npx vitest run packages/parcours/src/config/guide.test.ts -u\` writes it anew. -->

One file, \`parcours.config.json\`, \`.ts\`, \`.mts\`, \`.js\` or \`.mjs\`, in the folder where the program is started, or wherever
\`--config\` says. The environment goes before the file, and a flag before both. Nothing has to be set.

<!-- test: json -->
\`\`\`json
{
  "$schema": "./node_modules/parcours/parcours.config.schema.json",
  "trustProxy": ["127.0.0.1"],
  "sites": [{ "id": "shop", "keys": ["pk_shop"], "origins": ["https://www.shop.example"] }]
}
\`\`\`

The same in TypeScript, where the editor checks it as it is written:

<!-- test: typescript -->
\`\`\`ts
import { defineConfig } from 'parcours';

export default defineConfig({
  trustProxy: ['127.0.0.1'],
  sites: [{ id: 'shop', keys: ['pk_shop'], origins: ['https://www.shop.example'] }],
});
\`\`\`

Every fault is told at once, each with its place, key, rule and value, and nothing starts. To see what is in force, and who set
it:

<!-- test: check -->
\`\`\`sh
parcours config check
parcours config show
\`\`\`

Secrets are not kept here: they are made by \`parcours key create\` ([keys.md](keys.md)), and those of the program itself lie in the
data folder.

## Settings

A variable's text is the value as it stands, or JSON; lists may have commas: \`PARCOURS_METRICS_FROM=10.0.0.0/8,192.168.0.0/16\`. A
variable that begins with \`PARCOURS_\` and names no setting stops the start.
`;

const SITES = `## A site

In the file, in \`PARCOURS_SITES\` as JSON, or by [\`parcours site add\`](keys.md) while the program runs; one id in one place only.

| key | meaning |
| --- | --- |
| \`id\` | short name, in events, cookies and file names: lower-case letters, digits and \`-\` |
| \`keys\` | public write keys; several while one is being replaced |
| \`origins\` | pages that may send, such as \`https://www.shop.example\` |
| \`queryKeys\` | query keys that stay in stored addresses; all others are cut |
| \`hosts\` | more hosts that count as the site itself when referrers are read |
| \`cookieDomains\` | domains whose hosts share one visitor cookie: [cross-domain.md](../cross-domain.md) |
| \`rightsFromPages\` | what any script of its pages may ask for in the name of the visitor, of \`export\` and \`erase\`; default neither: [consent.md](../consent.md#from-a-page-of-the-shop) |
`;

const rowOf = ({ key, variables, flag, defaultText, meaning }: Setting): string => {
  const cells = [
    code(key),
    variables.map(code).join(' '),
    flag && code(flag),
    defaultText && code(defaultText),
    meaning,
  ];
  return `| ${cells.map((cell) => (cell ?? '').replaceAll('|', '\\|')).join(' | ')} |`;
};

const code = (text: string): string => `\`${text}\``;
