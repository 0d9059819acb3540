import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../support/child.ts';

/**
 * What can be seen of `deploy/` by reading. No container engine runs where this does: the image's contents and the other
 * files are run for real in `real/`, the building of the image and Compose itself are not.
 */
const read = (path: string): string => readFileSync(join(ROOT, 'deploy', path), 'utf8');

const dockerfile = read('docker/Dockerfile');

test('the Dockerfile has no fault that its linter knows', () => {
  expect(validate('FROM node\nCOPPY a b\n').length).toBeGreaterThan(0);
  expect(validate(dockerfile).map(({ range, message }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
});

test('the image runs as nobody in particular, says whether it is well, and stops on SIGTERM', () => {
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  expect(last).toMatch(/^USER node$/m);
  expect(last).toMatch(/^HEALTHCHECK /m);
  expect(last).toMatch(/^STOPSIGNAL SIGTERM$/m);
  expect(last).toMatch(/^VOLUME \/data$/m);
  // Of the build, the program alone.
  expect(last.match(/^COPY .*$/gm)).toEqual(['COPY --from=build /app /app']);
  expect(dockerfile).not.toMatch(/:latest|curl|wget|apt-get/);
});

test('the image takes no secret, no data and no history in', () => {
  const ignored = read('docker/Dockerfile.dockerignore').split('\n');
  for (const name of ['.git', '**/data', '**/secrets.json', '**/node_modules']) expect(ignored).toContain(name);
});

interface Service {
  readonly image: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
}

const compose = parse(read('docker/compose.yaml')) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: {
    readonly inside: { readonly ipam: { readonly config: readonly [{ readonly subnet: string }] } };
  };
  readonly volumes: Readonly<Record<string, unknown>>;
};

test.each(Object.entries(compose.services))(
  'the service %s has a read-only root, no rights, and files that exist',
  (_, service) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.image).not.toContain('latest');
    const { context = '', dockerfile: file = '' } = service.build ?? {};
    if (service.build) expect(existsSync(join(ROOT, 'deploy/docker', context, file))).toBe(true);
    for (const volume of service.volumes) {
      const [from = '', to] = volume.split(':');
      expect(to).toMatch(/^\//);
      const isThere = from.startsWith('.') ? existsSync(join(ROOT, 'deploy/docker', from)) : from in compose.volumes;
      expect([volume, isThere]).toEqual([volume, true]);
    }
  },
);

test('only the proxy is published; the console is on loopback', () => {
  expect(compose.services.parcours?.ports).toEqual(['127.0.0.1:8788:8788']);
});

test('the collector believes the proxy of its network, and nobody else', () => {
  const { trustProxy } = JSON.parse(read('docker/parcours.config.json'));
  expect(trustProxy).toEqual([compose.networks.inside.ipam.config[0].subnet]);
});
