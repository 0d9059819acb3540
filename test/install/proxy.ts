import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProxy } from '../../scripts/proxies.mjs';
import { type Child, ROOT, startChild } from '../support/child.ts';

/** A proxy that a test started in front of a shop. */
export interface RunningProxy {
  stop(): Promise<void>;
}

export interface ProxyOptions {
  readonly port: number;
  /** The guide's block, for the collector of this run. */
  readonly block: string;
  /** Origin of the shop's pages: everything else goes there. */
  readonly site: string;
}

/** A shop's whole nginx around the guide's `location`s, in one process and one folder. */
export const startNginx = ({ port, block, site }: ProxyOptions): Promise<RunningProxy> =>
  inFolder(async (folder) => {
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((of) => `${of}_temp_path ${folder}/${of};`);
    await writeFile(
      join(folder, 'nginx.conf'),
      `daemon off; master_process off; pid ${folder}/pid; error_log stderr notice;
events {}
http {
  access_log off;
  ${places.join(' ')}
  server {
    listen 127.0.0.1:${port};
    ${block}
    location / { proxy_pass ${loopback(site)}; }
  }
}
`,
    );
    const args = ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')];
    const child = startChild(findProxy('nginx') as string, args);
    // Said once it listens.
    await child.saw(/OS: /);
    return child;
  });

/** A shop's whole Caddy around the guide's `handle`s, without certificates. */
export const startCaddy = ({ port, block, site }: ProxyOptions): Promise<RunningProxy> =>
  inFolder(async (folder) => {
    const file = join(folder, 'Caddyfile');
    const rest = `handle {\n\treverse_proxy ${loopback(site)}\n}`;
    await writeFile(file, `{\n\tadmin off\n}\nhttp://localhost:${port} {\n\tbind 127.0.0.1\n${block}\n${rest}\n}\n`);
    const args = ['run', '--config', file, '--adapter', 'caddyfile'];
    const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    const child = startChild(findProxy('caddy') as string, args, { env });
    await child.saw(/serving initial configuration/);
    return child;
  });

/**
 * A Next app of the guide's configuration, built, with everything else left to the shop. It lies in the example app of
 * Next for as long as it runs, whose packages it uses.
 */
export const startNext = ({ port, block, site }: ProxyOptions): Promise<RunningProxy> =>
  inFolder(
    async (folder) => {
      const rest = `[{ source: '/:path*', destination: '${loopback(site)}/:path*' }]`;
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
      await writeFile(join(folder, 'guide.mjs'), block);
      await writeFile(
        join(folder, 'next.config.mjs'),
        `import guide from './guide.mjs';
export default { ...guide, rewrites: async () => ({ afterFiles: await guide.rewrites(), fallback: ${rest} }) };`,
      );
      // Next wants a page of its own; nobody asks for this one.
      await mkdir(join(folder, 'pages'));
      await writeFile(join(folder, 'pages/own.js'), 'export default () => null;');
      const env = { NEXT_TELEMETRY_DISABLED: '1' };
      const next = (args: readonly string[]): Child =>
        startChild(process.execPath, [join(NEXT_APP, 'node_modules/next/dist/bin/next'), ...args], {
          cwd: folder,
          env,
        });
      const build = next(['build']);
      if ((await build.ended).code !== 0) throw new Error(`next build failed:\n${build.output()}`);
      const child = next(['start', '-H', '127.0.0.1', '-p', `${port}`]);
      await child.saw(/Ready in/);
      return child;
    },
    join(NEXT_APP, '.guide-'),
  );

const NEXT_APP = join(ROOT, 'examples/frameworks/next');

/** Proxies may look `localhost` up as an address that nothing listens on. */
export const loopback = (origin: string): string => origin.replace('//localhost:', '//127.0.0.1:');

async function inFolder(
  start: (folder: string) => Promise<Child>,
  prefix = join(tmpdir(), 'parcours-proxy-'),
): Promise<RunningProxy> {
  const folder = await mkdtemp(prefix);
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const child = await start(folder);
    return {
      stop: async () => {
        await child.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
