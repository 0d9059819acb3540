import { nearest } from '@parcours/protocol/policy';
import type { Setting } from './settings.ts';

const PREFIX = 'PARCOURS_';

/** Variables of ours that set nothing: what the parent tells its parts, and what the workspace's scripts look for. */
const NO_SETTINGS = /^PARCOURS_(CHILD_\w+|CHROMIUM|NGINX|CADDY)$/;

/**
 * What Kubernetes and Docker write for a service or container called `parcours`. It is not meant for the program.
 * Source: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
const SERVICE_LINK = /^PARCOURS_(.*_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP)(_\w+)?|NAME|ENV_\w+)$/;
const SERVICE_LINK_VALUE = /^(tcp|udp):\/\//;

export interface SetByVariable {
  readonly setting: Setting;
  readonly variable: string;
  readonly text: string;
}

/**
 * The settings that the environment sets, an empty variable counting as none, and variables of our prefix that name no setting.
 * `PARCOURS_…` goes before the short name.
 */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  settings: readonly Setting[],
): { readonly set: readonly SetByVariable[]; readonly unknown: readonly { variable: string; nearest?: string }[] } {
  const isGiven = (variable: string): boolean => {
    const text = env[variable] ?? '';
    return text !== '' && !(variable.startsWith(PREFIX) && SERVICE_LINK_VALUE.test(text));
  };
  const set = settings.flatMap((setting) => {
    const variable = setting.variables.find(isGiven);
    return variable === undefined ? [] : [{ setting, variable, text: env[variable] as string }];
  });
  const known = settings.flatMap(({ variables }) => variables);
  const unknown = Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && isGiven(name) && !known.includes(name))
    .filter((name) => !NO_SETTINGS.test(name) && !SERVICE_LINK.test(name))
    .map((variable) => {
      const near = nearest(
        variable,
        known.filter((name) => name.startsWith(PREFIX)),
      );
      return { variable, ...(near && { nearest: near }) };
    });
  return { set, unknown };
}
