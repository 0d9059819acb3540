import { bases } from './bases.ts';
import { exempt } from './exempt.ts';
import { identity } from './identity.ts';
import type { Law } from './law.ts';
import { needless } from './needless.ts';
import { numbers } from './numbers.ts';
import { oneName } from './one_name.ts';
import { recipients } from './recipients.ts';
import { gpc, signals } from './signals.ts';

/** Everything that a policy's content is held to. A new one is its file and its line here. */
export const LAWS: readonly Law[] = [numbers, bases, exempt, needless, identity, signals, gpc, oneName, recipients];
