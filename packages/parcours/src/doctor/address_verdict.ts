import { createAddressMatch, type Diagnosis, plainAddress, readForwarded, splitList } from '@parcours/collector';

/**
 * What the doctor writes into the headers as a visitor would who wants to be another: if one of these is believed, anyone's is.
 * Of the range that is nobody's (RFC 5737).
 */
export const MADE_UP = { list: '192.0.2.66', single: '192.0.2.67' } as const;

/** The headers that a made-up address is put in. */
export const MADE_UP_HEADERS: Readonly<Record<string, string>> = {
  'x-forwarded-for': MADE_UP.list,
  forwarded: `for=${MADE_UP.list}`,
  'x-real-ip': MADE_UP.single,
};

const LISTS: Readonly<Record<string, (text: string) => string[]>> = {
  'x-forwarded-for': splitList,
  forwarded: readForwarded,
};

const SINGLES = [
  ...['cf-connecting-ip', 'true-client-ip', 'fastly-client-ip', 'fly-client-ip', 'x-azure-clientip'],
  ...['x-real-ip', 'x-client-ip', 'x-cluster-client-ip'],
];

export type AddressFault =
  | 'not_trusted'
  | 'too_low'
  | 'too_high'
  | 'list_misses'
  | 'list_too_wide'
  | 'other_header'
  | 'no_header'
  | 'believes_anyone';

export interface AddressVerdict {
  readonly fault?: AddressFault;
  /** The chain in words: `visitor 203.0.113.7 -> 10.0.0.2 -> 10.0.0.1 -> collector`. */
  readonly chain: string;
  readonly inForce: string;
  /** What to configure; absent where only the proxy can put it right. */
  readonly settings?: { readonly trustProxy: number | false | readonly string[]; readonly addressHeader?: string };
}

/** A header that tells the right address, and whose addresses stand between that and the collector. */
interface Telling {
  readonly header: string;
  readonly client: string;
  /** Behind the client in the list, outermost first; then the socket's. */
  readonly proxies: readonly string[];
  readonly isList: boolean;
}

/**
 * Whether the address that the collector took a request for is that of whoever sent it.
 *
 * Each proxy that appends writes the address it was asked from behind what was there. So whatever stands behind the made-up
 * address was written by proxies, the first of it by the outermost; and where the made-up one is gone, a proxy has replaced
 * the list by its own word.
 *
 * @param seen  how the request with made-up headers was seen
 * @param plain how one without them was
 * @param own   the doctor's end of its connection: seen at the other end of the socket, it came without any proxy
 */
export function addressVerdict(
  seen: Diagnosis,
  plain: Diagnosis,
  own: { readonly address: string; readonly port: number },
): AddressVerdict {
  const socket = plainAddress(seen.socket.address) ?? 'unknown';
  const ownAddress = plainAddress(own.address) ?? '';
  // Of the house and with a made-up header, one is rather nobody than maybe a proxy: then the plain request tells.
  const address = seen.address ?? plain.address;
  const inForce = address ?? 'none';
  const isDirect = socket === ownAddress && seen.socket.port === own.port;
  if (isDirect) {
    const chain = `visitor ${ownAddress} -> collector, without a proxy`;
    if (address === ownAddress) return { chain, inForce };
    return { fault: 'believes_anyone', chain, inForce, settings: { trustProxy: false } };
  }
  const telling = tellingHeader(seen, socket, ownAddress);
  if (!telling) return { fault: 'no_header', chain: `visitor -> ${socket} -> collector`, inForce };
  const { header, client, proxies } = telling;
  const chain = `visitor ${[client, ...proxies].join(' -> ')} -> collector`;
  if (address === client) return { chain, inForce };
  return { fault: faultOf(seen, telling), chain, inForce, settings: settingsFor(seen, telling, header) };
}

function faultOf(seen: Diagnosis, { header, client, proxies, isList }: Telling): AddressFault {
  const { trust_proxy: trust, address_header: read } = seen;
  if (trust === false) return 'not_trusted';
  if (read !== header) return isMadeUp(seen.address) ? 'believes_anyone' : 'other_header';
  if (typeof trust === 'number') return trust > proxies.length && isList ? 'too_high' : 'too_low';
  return createAddressMatch(trust)(client) ? 'list_too_wide' : 'list_misses';
}

/** A list goes on being a list, since it says more than a number; else the number of proxies. */
function settingsFor(
  { trust_proxy: trust }: Diagnosis,
  { client, proxies, isList }: Telling,
  header: string,
): NonNullable<AddressVerdict['settings']> {
  const named = header === 'x-forwarded-for' ? {} : { addressHeader: header };
  if (typeof trust !== 'object') return { trustProxy: isList ? proxies.length : 1, ...named };
  const right = trust.filter((block) => !createAddressMatch([block])(client));
  const missing = (isList ? proxies : proxies.slice(-1)).filter((proxy) => !matches(right, proxy));
  return { trustProxy: [...right, ...new Set(missing)], ...named };
}

const matches = (blocks: readonly string[], address: string): boolean => createAddressMatch(blocks)(address);

/** The header to read: the one that is read now where it tells the truth, else the best of the others. */
function tellingHeader(seen: Diagnosis, socket: string, own: string): Telling | undefined {
  const all = [...Object.keys(LISTS), ...SINGLES].flatMap((header) => readOne(seen, header, socket) ?? []);
  // Where no address was translated on the way, the doctor's own one stands in one of them, which settles it.
  const sure = all.filter(({ client }) => client === own);
  const told = sure.length > 0 ? sure : all;
  return told.find(({ header }) => header === seen.address_header) ?? told[0];
}

function readOne({ headers }: Diagnosis, header: string, socket: string): Telling | undefined {
  const text = headers[header];
  if (text === undefined) return undefined;
  const readList = LISTS[header];
  if (!readList) {
    const client = plainAddress(text.trim());
    return client === undefined || isMadeUp(client) ? undefined : { header, client, proxies: [socket], isList: false };
  }
  const hops = readList(text).map((hop) => plainAddress(hop) ?? 'unknown');
  const [client, ...rest] = hops.slice(hops.lastIndexOf(MADE_UP.list) + 1);
  if (client === undefined || client === 'unknown') return undefined;
  return { header, client, proxies: [...rest, socket], isList: true };
}

const isMadeUp = (address: string | undefined): boolean => address === MADE_UP.list || address === MADE_UP.single;
