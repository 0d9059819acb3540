import type { Check } from './check.ts';

/** The guide to `parcours doctor`, made from what each check says of itself. */
export function guideOf(checks: readonly Check[]): string {
  return `${INTRODUCTION}
${checks.map(sectionOf).join('\n')}`;
}

const INTRODUCTION = `# Doctor: what is wrong, and how to put it right

<!-- Made from packages/parcours/src/doctor; a test fails where the two differ, and \`npx vitest run packages/parcours/src/doctor/guide.test.ts -u\` writes it anew. -->

It looks at an installation from its own machine, running or not, and prints one line a check: ok, warning, RED, or not checked
and why. Below a fault stands what puts it right. It changes nothing, and sends nothing that is stored.

<!-- test: doctor -->
\`\`\`sh
parcours doctor --data ./data
\`\`\`

What lies between browsers and the collector it sees with the public address, through whatever proxy stands in front, and a page
of the shop:

<!-- test: doctor-url -->
\`\`\`sh
parcours doctor --data ./data --url https://collect.shop.example --page https://shop.example/
\`\`\`

It exits with 1 where a line is red, else with 0, and \`--json\` prints all of it, so a timer can call it:

<!-- test: doctor-json -->
\`\`\`sh
parcours doctor --data ./data --only disk,file-system,running --json
\`\`\`

The answer is \`{ verdict, checks: [{ check, verdict, found, faults: [{ code, verdict, found, fix, settings? }] }] }\`; verdicts are
\`ok\`, \`warning\`, \`red\` and \`not_checked\`, names and codes are those below, and \`settings\` is what to write into the configuration
where that alone puts it right.
`;

function sectionOf({ name, about, faults }: Check): string {
  const rows = Object.entries(faults).map(
    ([code, { verdict, means, fix }]) => `| ${verdict} \`${code}\` | ${cell(means)} | ${cell(fix)} |`,
  );
  return `## ${name}

${about}

| line | what it means | what puts it right |
| --- | --- | --- |
${rows.join('\n')}
`;
}

/** A bar would end the cell, and `<…>` would be read as HTML; values of the finding are shown as `<name>`. */
const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replace(/\{(\w+)\}/g, '&lt;$1>');
