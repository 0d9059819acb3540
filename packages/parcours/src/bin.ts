#!/usr/bin/env node
import { runChild } from './processes/child.ts';
import {
  CHILD_CONFIG,
  CHILD_INSTANCE,
  CHILD_ROLE,
  CHILD_WRITER,
  type ChildRole,
  type StartChild,
} from './processes/messages.ts';

/** Each part of the program, loaded only in the process that runs it: the collector never loads a database engine. */
const CHILDREN: Record<ChildRole, () => Promise<StartChild>> = {
  collector: async () => (await import('./processes/collector.ts')).startCollector,
  reader: async () => (await import('./processes/reader.ts')).startReader,
};

const role = process.env[CHILD_ROLE] as ChildRole | undefined;
if (role) {
  // As `ps` and `top` show it: which of the two it is matters to whoever looks there.
  process.title = `parcours ${role}`;
  const config = JSON.parse(process.env[CHILD_CONFIG] ?? '{}');
  const { [CHILD_INSTANCE]: instance = '', [CHILD_WRITER]: writer = '' } = process.env;
  await runChild(async (status) => (await CHILDREN[role]())(config, { instance, writer, status }));
} else {
  const [{ programFor }, { failWith }] = await Promise.all([import('./one_command.ts'), import('./fail_with.ts')]);
  const root = await programFor(process.argv[2]);
  await root.parseAsync().catch((error: NodeJS.ErrnoException) => {
    // What the system refuses is the operator's to mend, and one line; all else is a fault of ours, and tells where.
    if (error.syscall === undefined) throw error;
    failWith(error, { json: process.argv.includes('--json') });
  });
}
