import { isIPv4 } from 'node:net';
import { type Command, InvalidArgumentError } from 'commander';
import { LARGEST_DEVICE_ID } from '../../shared/domain/settings/bacnet.ts';
import type { InstanceRange } from '../meter/bacnet/network.ts';
import { DEFAULT_PORTS } from '../meter/types.ts';
import type { BacnetPeer } from '../protocols/bacnet/types.ts';
import {
  type BacnetCheckCommandOptions,
  type BacnetDiscoverOptions,
  bacnetCheck,
  bacnetDiscover,
} from './commands/settings/bacnet.ts';
import type { CommandKit } from './kit.ts';
import { integer } from './options.ts';

/** The commands that look at meters over BACnet/IP. They read only. */
export function addBacnet(program: Command, { common, finish }: Pick<CommandKit, 'common' | 'finish'>): void {
  const bacnet = program.command('bacnet').description('look at meters over BACnet/IP; reads only');
  common(bacnet.command('check').description('check a meter after BACnet/IP was set up').argument('<host>'))
    .option('--expect-id <n>', 'Device ID that was configured', integer(0, LARGEST_DEVICE_ID))
    .option('--expect-name <name>', 'Ethernet Device Name that was configured')
    .option('--foreign <bbmd>', 'also look at the way over this BBMD: ADDRESS or ADDRESS:PORT', parseBbmd)
    .option('--out <file.csv>', 'sheet of all objects for the building automation')
    .action(async (host: string, _options: unknown, self: Command) => {
      await finish(self, (context, options: BacnetCheckCommandOptions) => bacnetCheck(context, host, options));
    });
  common(
    bacnet.command('discover').description('devices on the subnets of this PC, and Device IDs that two of them have'),
  )
    .option('--range <low-high>', 'Device IDs, such as 6000-6099; without it every device answers', parseRange)
    .option('--adapter <address>', 'IPv4 address of the network adapter to use', parseAdapter)
    .action(async (_options: unknown, self: Command) => {
      await finish(self, (context, options: BacnetDiscoverOptions) => bacnetDiscover(context, options));
    });
}

/** `ADDRESS` or `ADDRESS:PORT` of a BBMD. */
function parseBbmd(text: string): BacnetPeer {
  const [, host = '', port] = /^([^:]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const number = port === undefined ? DEFAULT_PORTS.bacnet : Number(port);
  if (!isIPv4(host) || number < 1 || number > 65_535) {
    throw new InvalidArgumentError('Expected the IPv4 address of a BBMD, with :PORT where it is not 47808.');
  }
  return { host, port: number };
}

/** `LOW-HIGH`, or one number. */
function parseRange(text: string): InstanceRange {
  const [, from = '', to = from] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(text) ?? [];
  const [low, high] = [Number(from), Number(to)];
  if (from === '' || low > high || high > LARGEST_DEVICE_ID) {
    throw new InvalidArgumentError(`Expected LOW-HIGH with numbers from 0 to ${LARGEST_DEVICE_ID}.`);
  }
  return { low, high };
}

function parseAdapter(text: string): string {
  if (!isIPv4(text)) throw new InvalidArgumentError('Expected the IPv4 address of an adapter of this PC.');
  return text;
}
