#!/usr/bin/env node
import { runChild } from './processes/child.ts';
import { CHILD_CONFIG, CHILD_INSTANCE, CHILD_ROLE, type ChildRole, type StartChild } from './processes/messages.ts';

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
  await runChild(async (status) => (await CHILDREN[role]())(config, process.env[CHILD_INSTANCE] ?? '', status));
} else {
  const [{ program }, { failWith }] = await Promise.all([import('./program.ts'), import('./fail_with.ts')]);
  await program()
    .parseAsync()
    .catch((error: NodeJS.ErrnoException) => {
      // What the system refuses is the operator's to mend, and one line; all else is a fault of ours, and tells where.
      if (error.syscall === undefined) throw error;
      failWith(error, { json: process.argv.includes('--json') });
    });
}
