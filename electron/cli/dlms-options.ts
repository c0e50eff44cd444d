import { type Command, InvalidArgumentError } from 'commander';
import { type DlmsAccess, PUBLIC_DLMS } from '../meter/logs/types.ts';
import { integer } from './options.ts';

/** Options of commands that read over DLMS. */
export interface DlmsOptions {
  readonly dlmsClient?: number;
  readonly dlmsServer?: number;
  readonly dlmsLink?: DlmsAccess['link'];
  readonly dlmsDeviation?: DlmsAccess['deviationSign'];
}

/** Adds them to a command. */
export function withDlms(command: Command): Command {
  return command
    .option('--dlms-client <sap>', 'DLMS client address; 16 is the public client', integer(1, 65_535))
    .option('--dlms-server <sap>', 'DLMS server address; 1 is the management logical device', integer(1, 65_535))
    .option(
      '--dlms-link <link>',
      'auto, wrapper, hdlc, or serial:PORT@BAUD#UNIT such as serial:/dev/ttyUSB0@9600#1 or serial:COM3@9600#1',
      parseDlmsLink,
    )
    .option('--dlms-deviation <sign>', 'sign of the deviation in times: standard, inverted, or ignore', parseDeviation);
}

/** How an association may be made; undefined where nothing differs from the public client. The secret comes from the environment only. */
export function dlmsAccess(
  options: DlmsOptions,
  env: Readonly<Record<string, string | undefined>>,
): DlmsAccess | undefined {
  const { dlmsClient, dlmsServer, dlmsLink, dlmsDeviation } = options;
  const password = env['METERWRIGHT_DLMS_PASSWORD'];
  const secret = password === undefined || password === '' ? {} : { password };
  const given = [dlmsClient, dlmsServer, dlmsLink, dlmsDeviation].some((value) => value !== undefined);
  if (!given && !('password' in secret)) return undefined;
  return {
    link: dlmsLink ?? PUBLIC_DLMS.link,
    clientSap: dlmsClient ?? PUBLIC_DLMS.clientSap,
    serverSap: dlmsServer ?? PUBLIC_DLMS.serverSap,
    deviationSign: dlmsDeviation ?? PUBLIC_DLMS.deviationSign,
    ...secret,
  };
}

/** `auto`, `wrapper`, `hdlc`, or `serial:PORT@BAUD#UNIT`; the unit, 1 if it is left out, is that of the meter's port. */
export function parseDlmsLink(text: string): DlmsAccess['link'] {
  if (text === 'auto' || text === 'wrapper' || text === 'hdlc') return text;
  const [, path = '', baud = '', unit = '1'] = /^serial:(.+)@(\d{3,6})(?:#(\d{1,5}))?$/.exec(text) ?? [];
  const baudRate = Number(baud);
  const physicalAddress = Number(unit);
  if (path === '' || baudRate < 300 || baudRate > 921_600 || physicalAddress > 16_383) {
    throw new InvalidArgumentError(
      'Expected auto, wrapper, hdlc, or serial:PORT@BAUD#UNIT with 300 to 921600 baud and a unit of 0 to 16383.',
    );
  }
  return { path, baudRate, physicalAddress };
}

function parseDeviation(text: string): DlmsAccess['deviationSign'] {
  if (text === 'standard' || text === 'inverted' || text === 'ignore') return text;
  throw new InvalidArgumentError('Expected standard, inverted, or ignore.');
}
