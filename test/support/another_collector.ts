import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { config } from '../../packages/parcours/src/config/index.ts';
import {
  CHILD_CONFIG,
  CHILD_INSTANCE,
  CHILD_ROLE,
  CHILD_WRITER,
  type ChildMessage,
} from '../../packages/parcours/src/processes/messages.ts';
import { ROOT } from './child.ts';

/** A second collector of the built program over the data folder of a running one, as its parent would start it. */
export async function startAnotherCollector(
  data: string,
): Promise<{ readonly address: string; readonly stop: () => Promise<void> }> {
  const settings = config.parse({ data, port: 0, host: '127.0.0.1', sites: [{ id: 'shop', keys: ['pk_demo'] }] });
  const child = fork(join(ROOT, 'packages/parcours/dist/bin.js'), [], {
    env: {
      ...process.env,
      [CHILD_ROLE]: 'collector',
      [CHILD_INSTANCE]: 'another',
      [CHILD_WRITER]: 'collector-1',
      [CHILD_CONFIG]: JSON.stringify(settings),
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [told] = (await once(child, 'message')) as [ChildMessage];
  if (told.type !== 'ready') throw new Error(`the second collector is not ready: ${JSON.stringify(told)}`);
  return {
    address: told.address,
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}
