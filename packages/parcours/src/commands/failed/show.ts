import { Command } from 'commander';
import { ask, text, wholeId } from '../../failed/select.ts';
import { shownText } from '../../shown_text.ts';

export const failedShowCommand = (): Command =>
  new Command('show')
    .description('Show one failed item whole: what is wrong, where, and what was sent, as it was kept.')
    .argument('<failed_id>', 'its id, or the first 4 characters or more')
    .option('--data <folder>', 'data folder of the running program', process.env.DATA || './data')
    .option('--json', 'print the row as JSON, with item and context as objects')
    .addHelpText(
      'after',
      `
Example:
  parcours failed show 3f2a91c0

Exit codes: 0 shown, 1 refused, not found or not reachable.`,
    )
    .action(show);

async function show(prefix: string, { data, json = false }: { data: string; json?: boolean }): Promise<void> {
  const asker = { data, json };
  const id = await wholeId(prefix, asker);
  const [row = {}] = await ask(
    `SELECT failed_id, received_at, site, source, type, event_id, stage, code, path, message, item, context
     FROM failed WHERE failed_id = ${text(id)} LIMIT 1`,
    asker,
  );
  const { item, context, ...rest } = row;
  const whole = { ...rest, item: parsed(item), context: parsed(context) };
  if (json) {
    process.stdout.write(`${JSON.stringify(whole)}\n`);
    return;
  }
  const facts = Object.entries(rest).map(([name, value]) => `${name.padEnd(12)} ${shownText(String(value ?? ''))}`);
  const path = String(rest.path ?? '');
  const lines = whole.item === null ? ['(its content was not kept)'] : marked(whole.item, path);
  process.stdout.write(`${facts.join('\n')}\n\n${lines.join('\n')}\n`);
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || value === '') return typeof value === 'object' ? value : null;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The item in lines, the one that the path leads to marked. */
function marked(item: unknown, path: string): readonly string[] {
  const steps = path.match(/[^.[\]]+/g) ?? [];
  const lines: string[] = [];
  print(item, { key: '', indent: 0, at: [], end: '' });
  return lines;

  function print(
    value: unknown,
    { key, indent, at, end }: { key: string; indent: number; at: readonly string[]; end: string },
  ): void {
    const isMarked = steps.length > 0 && at.length === steps.length && at.every((step, index) => step === steps[index]);
    const add = (text: string): void =>
      void lines.push(`${isMarked ? '>' : ' '} ${' '.repeat(indent)}${shownText(text)}`);
    if (typeof value !== 'object' || value === null) {
      add(`${key}${JSON.stringify(value)}${end}`);
      return;
    }
    const isList = Array.isArray(value);
    const entries = Object.entries(value);
    add(`${key}${isList ? '[' : '{'}`);
    entries.forEach(([name, inner], index) => {
      const comma = index < entries.length - 1 ? ',' : '';
      const shown = isList ? '' : `${JSON.stringify(name)}: `;
      print(inner, { key: shown, indent: indent + 2, at: [...at, name], end: comma });
    });
    add(`${isList ? ']' : '}'}${end}`);
  }
}
