import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './child.ts';

/** One fenced block of a guide. */
export interface Block {
  readonly line: number;
  /** From `<!-- test: name -->` on the line before it, or with one blank line between. */
  readonly name: string | undefined;
  readonly text: string;
}

/** A Markdown file whose blocks tests execute as they are written. */
export interface Guide {
  readonly blocks: readonly Block[];
  /**
   * The text of a block, with every text on the left replaced by what stands for it in this run; throws where there is
   * no block of that name, or no such text in it.
   */
  block(name: string, replacements?: Readonly<Record<string, string>>): string;
}

/** @param path from the workspace's folder */
export function readGuide(path: string): Guide {
  const blocks = fencedBlocks(readFileSync(join(ROOT, path), 'utf8'));
  return {
    blocks,
    block: (name, replacements = {}) => {
      let text = blocks.find((each) => each.name === name)?.text;
      if (text === undefined) throw new Error(`${path} has no block marked "test: ${name}"`);
      for (const [written, meant] of Object.entries(replacements)) {
        if (!text.includes(written)) throw new Error(`${path}, block ${name}: there is no ${written}`);
        text = text.replaceAll(written, meant);
      }
      return text;
    },
  };
}

function fencedBlocks(markdown: string): readonly Block[] {
  const found: Block[] = [];
  const lines = markdown.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const fence = lines[i]?.match(/^\s*(`{3,}|~{3,})/)?.[1];
    if (fence === undefined) continue;
    const end = lines.findIndex((line, at) => at > i && line.trim() === fence);
    const before = lines[i - 1] === '' ? lines[i - 2] : lines[i - 1];
    const [, name] = before?.match(/^<!-- test: ([\w -]+) -->$/) ?? [];
    found.push({ line: i + 1, name, text: lines.slice(i + 1, end === -1 ? undefined : end).join('\n') });
    if (end === -1) break;
    i = end;
  }
  return found;
}
