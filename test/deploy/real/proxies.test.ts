import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureProxies, findProxy } from '../../../scripts/proxies.mjs';
import { aBatch, anEvent, PHONE } from '../../support/batch.ts';
import { type Child, ROOT, startChild } from '../../support/child.ts';
import { freePort } from '../../support/free_port.ts';
import { type Program, startProgram } from '../../support/program.ts';

/** The files of `deploy/` as they are, with ports, names and certificates of this run. */
interface Proxy {
  readonly name: string;
  readonly start: (folder: string, ports: { https: number; http: number; collector: number }) => Promise<Child>;
}

const file = (path: string): string => readFileSync(join(ROOT, 'deploy', path), 'utf8');

const caddy: Proxy = {
  name: 'caddy',
  async start(folder, { https, http, collector }) {
    const env = {
      HOME: folder,
      XDG_DATA_HOME: folder,
      XDG_CONFIG_HOME: folder,
      // Caddy makes a certificate of its own for this name.
      COLLECTOR_HOST: 'localhost',
      COLLECTOR: `127.0.0.1:${collector}`,
      HTTP_PORT: String(http),
      HTTPS_PORT: String(https),
    };
    const path = join(folder, 'Caddyfile');
    // Else it would put its root certificate among those that this machine trusts.
    writeFileSync(path, file('caddy/Caddyfile').replace('admin off', 'admin off\n\tskip_install_trust'));
    const child = startChild(findProxy('caddy') as string, ['run', '--config', path, '--adapter', 'caddyfile'], {
      env,
    });
    await child.saw(/certificate obtained successfully/);
    await untilServed(https);
    return child;
  },
};

const nginx: Proxy = {
  name: 'nginx',
  async start(folder, { https, http, collector }) {
    const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => join(folder, name)) as [string, string];
    const subject = ['-subj', '/CN=localhost', '-days', '2', '-keyout', key, '-out', certificate];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject], { stdio: 'ignore' });
    const site = file('nginx/parcours.conf')
      .replace('127.0.0.1:8787', `127.0.0.1:${collector}`)
      .replace(/listen (\[::\]:)?443/g, (_, six) => (six ? `listen [::1]:${https}` : `listen 127.0.0.1:${https}`))
      .replace(/listen (\[::\]:)?80;/g, (_, six) => (six ? `listen [::1]:${http};` : `listen 127.0.0.1:${http};`))
      .replace(/ssl_certificate .*;/, `ssl_certificate ${certificate};`)
      .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${key};`);
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((of) => `${of}_temp_path ${folder}/${of};`);
    const path = join(folder, 'nginx.conf');
    const head = `daemon off; master_process off; pid ${folder}/pid; error_log stderr notice;\nevents {}\n`;
    writeFileSync(path, `${head}http {\naccess_log off;\n${places.join('\n')}\n${site}\n}\n`);
    const child = startChild(findProxy('nginx') as string, ['-e', 'stderr', '-p', folder, '-c', path]);
    await child.saw(/OS: /);
    return child;
  },
};

beforeAll(() => ensureProxies());

describe.each([caddy, nginx])('deploy/$name', ({ start }) => {
  const folder = mkdtempSync(join(tmpdir(), 'parcours-deploy-'));
  let program: Program;
  let proxy: Child;
  let https: number;
  beforeAll(async () => {
    program = await startProgram({ origins: ['https://shop.example'], config: { trustProxy: ['127.0.0.1'] } });
    https = await freePort();
    proxy = await start(folder, { https, http: await freePort(), collector: Number(new URL(program.collector).port) });
  });
  afterAll(async () => {
    await proxy?.stop();
    await program?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('an event arrives, from the address that the proxy saw and not the one that was claimed', async () => {
    const headers = { 'content-type': 'text/plain', 'user-agent': PHONE };
    const prefixOf = async (claimed: Readonly<Record<string, string>>): Promise<unknown> => {
      const event_id = randomUUID();
      const body = JSON.stringify(aBatch([anEvent({ event_id })]));
      const answer = await ask(https, '/v1/events', { headers: { ...headers, ...claimed }, body });
      expect(answer.status).toBe(200);
      expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
      const where = `select ip_prefix from events where event_id = '${event_id}'`;
      return (await program.rowsWhen(where, (found) => found.length > 0))[0]?.ip_prefix;
    };
    expect(await prefixOf({})).toBe('127.0.7.0/24');
    // Of an address of this machine and one that was claimed, the collector rather takes neither.
    expect(await prefixOf({ 'x-forwarded-for': '203.0.113.7' })).not.toBe('203.0.113.0/24');
  });

  test('the script is served, the metrics are not', async () => {
    expect((await ask(https, '/p.js')).status).toBe(200);
    expect((await ask(https, '/metrics')).status).toBe(404);
  });

  test.each([
    ['the proxy, by its length', 2_000_000, false],
    ['the proxy, as it comes', 2_000_000, true],
    ['the collector, by its length', 800_000, false],
    ['the collector, as it comes', 800_000, true],
  ])('a body beyond what browsers send is refused by %s', async (_who, bytes, isChunked) => {
    const headers = { 'content-type': 'text/plain', ...(isChunked && { 'transfer-encoding': 'chunked' }) };
    for (let round = 0; round < 5; round++) {
      expect((await ask(https, '/v1/events', { headers, body: 'x'.repeat(bytes) })).status).toBe(413);
    }
  });
});

/** A certificate is put to use a moment after it was made; until then every handshake fails. */
async function untilServed(port: number): Promise<void> {
  for (;;) {
    try {
      return void (await ask(port, '/healthz'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPROTO') throw error;
    }
  }
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}

function ask(
  port: number,
  path: string,
  { headers = {}, body }: { headers?: object; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        // As a visitor from elsewhere.
        localAddress: '127.0.7.5',
        servername: 'localhost',
        port,
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: { host: 'localhost', ...headers },
        rejectUnauthorized: false,
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
