import { z } from 'zod';
import { config } from './schema.ts';

/** One setting: a leaf of the configuration, as the table, the environment and the flags know it. */
export interface Setting {
  readonly path: readonly string[];
  /** `rateLimits.perAddress`. */
  readonly key: string;
  /** `PARCOURS_RATE_LIMITS_PER_ADDRESS`, and the short name that it had before, where it had one. */
  readonly variables: readonly string[];
  /** `--log-level`: of `parcours serve`; settings within others have none. */
  readonly flag?: string;
  readonly meaning: string;
  /** What it is unless set, as JSON; absent where it is not set at all. */
  readonly defaultText?: string;
  /** Whether text is its value as it stands, and not JSON. */
  readonly isText: boolean;
  readonly isList: boolean;
}

/** Names from before every setting had one. */
const SHORT_VARIABLES: Readonly<Record<string, string>> = {
  port: 'PORT',
  consolePort: 'CONSOLE_PORT',
  data: 'DATA',
  host: 'HOST_ADDRESS',
};

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: unknown;
  readonly anyOf?: readonly JsonSchema[];
}

/** The configuration file's JSON Schema: for editors, and for whoever writes the file by program. */
export const configSchema = (): JsonSchema & Record<string, unknown> =>
  z.toJSONSchema(config, { io: 'input', target: 'draft-2020-12', unrepresentable: 'any' }) as never;

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Every setting there is, in the schema's order. `$schema` is for editors alone, and none. */
export function settings(): readonly Setting[] {
  return leaves(configSchema(), []).filter(({ key }) => key !== '$schema');
}

function leaves(schema: JsonSchema, path: readonly string[]): readonly Setting[] {
  // An object whose keys are known is a folder of settings; one whose keys are the user's is a setting.
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, inner]) => leaves(inner, [...path, name]));
  }
  const [name = ''] = path;
  const key = path.join('.');
  const short = SHORT_VARIABLES[key];
  const isList = schema.type === 'array' || schema.anyOf?.some(({ type }) => type === 'array') === true;
  return [
    {
      path,
      key,
      variables: [`PARCOURS_${path.map(snake).join('_')}`, ...(short ? [short] : [])],
      ...(path.length === 1 && name !== 'sites' && { flag: `--${kebab(name)}` }),
      meaning: schema.description ?? '',
      ...(schema.default !== undefined && { defaultText: JSON.stringify(schema.default) }),
      isText: schema.type === 'string',
      isList,
    },
  ];
}

/**
 * A variable's or flag's text as the value it stands for: text as it is, all else as JSON; a list may also be written with
 * commas. What is neither is left as text, and the schema says what it must be.
 */
export function readText({ isText, isList }: Pick<Setting, 'isText' | 'isList'>, text: string): unknown {
  if (isText) return text;
  try {
    return JSON.parse(text);
  } catch {
    return isList && !/^\s*[[{]/.test(text) && /[.:,]/.test(text) ? text.split(',').map((part) => part.trim()) : text;
  }
}
