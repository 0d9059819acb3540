import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { ConfigError } from './error.ts';
import type { Path } from './path.ts';

/** The files that are read without being named, one of them at most in a folder. */
export const DEFAULT_FILES = ['json', 'ts', 'mts', 'js', 'mjs'].map((ending) => `parcours.config.${ending}`);

export interface ConfigFile {
  /** As it was named. */
  readonly path: string;
  readonly value: unknown;
  /** The file with line and column of a setting, or of the one around it where it is missing. */
  placeOf(path: Path): string;
}

/**
 * The configuration file of a folder.
 *
 * @returns its path, or undefined where there is none
 * @throws ConfigError where there are several
 */
export function findConfigFile(folder: string = process.cwd()): string | undefined {
  const found = DEFAULT_FILES.filter((name) => existsSync(join(folder, name)));
  if (found.length < 2) return found[0] === undefined ? undefined : resolve(folder, found[0]);
  throw new ConfigError(`${folder} has ${found.join(' and ')}: keep one of them`);
}

/** @throws ConfigError where it cannot be read, is not JSON, or its code fails */
export function readConfigFile(path: string): Promise<ConfigFile> {
  return path.endsWith('.json') ? readJson(path) : runCode(path);
}

async function readJson(path: string): Promise<ConfigFile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(`${path}: cannot be read (${error.code})`);
  });
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [error] = errors;
  if (error || !root) {
    const what = error
      ? printParseErrorCode(error.error)
          .replace(/([a-z])([A-Z])/g, '$1 $2')
          .toLowerCase()
      : 'it is empty';
    throw new ConfigError(`${path}:${position(text, error?.offset ?? 0)}: is not JSON: ${what}`);
  }
  const twice = repeatedKey(root);
  if (twice) throw new ConfigError(`${path}:${position(text, twice.offset)}: the key "${twice.value}" stands twice`);
  return {
    path,
    value: JSON.parse(text),
    placeOf(at) {
      const node = nodeAt(root, at);
      return `${path}:${position(text, node.offset)}`;
    },
  };
}

/** The key of a setting where there is one, else the innermost thing around it. */
function nodeAt(root: Node, path: Path): Node {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node) return node.parent?.type === 'property' ? node.parent : node;
  }
  return root;
}

/** JSON.parse would quietly take the second. */
function repeatedKey(node: Node): Node | undefined {
  const keys = new Set<unknown>();
  for (const child of node.children ?? []) {
    const key = node.type === 'object' ? child.children?.[0] : undefined;
    if (key && keys.has(key.value)) return key;
    if (key) keys.add(key.value);
    const inner = repeatedKey(child);
    if (inner) return inner;
  }
  return undefined;
}

function position(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** A file of code: its default export, or what that promises. Node 20 reads no TypeScript by itself. */
async function runCode(path: string): Promise<ConfigFile> {
  if (!existsSync(path)) throw new ConfigError(`${path}: cannot be read (ENOENT)`);
  // Loaded only where there is such a file.
  const { createJiti } = await import('jiti');
  // The program is often installed beside nothing that the file could find it by.
  const jiti = createJiti(import.meta.url, { fsCache: false, alias: { parcours: ownDefineConfig() } });
  try {
    const value = await jiti.import(resolve(path), { default: true });
    return { path, value, placeOf: () => path };
  } catch (error) {
    const [line] = String((error as Error).message ?? error).split('\n');
    throw new ConfigError(`${path}: ${line}`);
  }
}

/** As built, beside this module or above its chunk; else the source itself. */
function ownDefineConfig(): string {
  const places = ['./define_config.js', '../define_config.js', './define_config.ts'];
  const files = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return files.find((file) => existsSync(file)) ?? 'parcours';
}
