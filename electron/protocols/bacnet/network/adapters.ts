import { networkInterfaces } from 'node:os';

/** An IPv4 address of this PC and the subnet around it. */
export interface Ipv4Adapter {
  readonly name: string;
  readonly address: string;
  readonly netmask: string;
  /** The directed broadcast of the subnet; undefined where the subnet has none (/31, /32). */
  readonly broadcast: string | undefined;
  readonly internal: boolean;
}

type Interfaces = ReturnType<typeof networkInterfaces>;

/** The IPv4 adapters of this PC. `interfaces` is what `os.networkInterfaces()` gives. */
export function ipv4Adapters(interfaces: Interfaces = networkInterfaces()): readonly Ipv4Adapter[] {
  return Object.entries(interfaces).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ family }) => family === 'IPv4')
      .map(({ address, netmask, internal }) => ({
        name,
        address,
        netmask,
        internal,
        broadcast: broadcastOf(address, netmask),
      })),
  );
}

/** The adapter whose subnet contains `host`, the narrowest where several do; undefined where only a router leads there. */
export function adapterToward(host: string, adapters: readonly Ipv4Adapter[]): Ipv4Adapter | undefined {
  return adapters
    .filter(({ address, netmask }) => (number(address) & number(netmask)) === (number(host) & number(netmask)))
    .sort((a, b) => (number(b.netmask) >>> 0) - (number(a.netmask) >>> 0))[0];
}

/** The broadcast addresses that a client bound to `address` sends to: of that adapter, or with 0.0.0.0 of all but the loopback. */
export function broadcastsFrom(address: string, adapters: readonly Ipv4Adapter[]): readonly string[] {
  const chosen = adapters.filter((one) => (address === '0.0.0.0' ? !one.internal : one.address === address));
  return [...new Set(chosen.flatMap(({ broadcast }) => broadcast ?? []))];
}

function broadcastOf(address: string, netmask: string): string | undefined {
  const mask = number(netmask);
  if (mask >>> 0 >= 0xffff_fffe) return undefined;
  const all = (number(address) | ~mask) >>> 0;
  return [all >>> 24, (all >>> 16) & 0xff, (all >>> 8) & 0xff, all & 0xff].join('.');
}

/** As a signed 32-bit number, for bit operations. */
function number(address: string): number {
  return address.split('.').reduce((sum, part) => (sum << 8) | (Number(part) & 0xff), 0);
}
