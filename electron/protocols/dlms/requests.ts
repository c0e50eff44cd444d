import { encodeDateTime } from './codec/date-time.ts';
import { isObis } from './codec/obis.ts';
import type { DlmsEndpoint, DlmsSettings, ProfileSelection, ProfileShape } from './types.ts';

const MOST_COLUMNS = 1000;
const LONGEST_SECRET = 64;
const LARGEST_ENTRY = 0xffff_ffff;

/** Why an address cannot be connected to, as a sentence; undefined when it can. */
export function endpointFault(endpoint: DlmsEndpoint): string | undefined {
  if (endpoint.host === '') return 'The address of the meter is empty.';
  return isWithin(endpoint.port, 1, 65_535) ? undefined : `Ports are 1 to 65535, got ${endpoint.port}.`;
}

/** The same for everything else of an endpoint. Never names the secret. */
export function settingsFault(settings: DlmsSettings): string | undefined {
  const { kind, clientSap, serverSap, physicalAddress, password, timeoutMs } = settings;
  const [mostClient, mostServer] = kind === 'wrapper' ? [65_535, 65_535] : [127, 16_383];
  if (!isWithin(timeoutMs, 100, 60_000)) return `Time-outs are 100 to 60000 ms, got ${timeoutMs}.`;
  if (!isWithin(clientSap, 1, mostClient)) return `Client addresses are 1 to ${mostClient}, got ${clientSap}.`;
  if (!isWithin(serverSap, 1, mostServer)) return `Server addresses are 1 to ${mostServer}, got ${serverSap}.`;
  if (physicalAddress !== undefined && !isWithin(physicalAddress, 0, 16_383)) {
    return `Physical addresses are 0 to 16383, got ${physicalAddress}.`;
  }
  if (password === undefined) return undefined;
  const length = Buffer.byteLength(password, 'utf8');
  return isWithin(length, 1, LONGEST_SECRET) ? undefined : `A secret has 1 to ${LONGEST_SECRET} bytes.`;
}

/** Why a profile cannot be read, as a sentence. */
export function profileFault(profile: ProfileShape): string | undefined {
  if (!isObis(profile.obis)) return 'The OBIS code of the profile is not six numbers from 0 to 255 with dots between.';
  if (!isWithin(profile.columns.length, 1, MOST_COLUMNS)) {
    return `A profile has 1 to ${MOST_COLUMNS} columns, got ${profile.columns.length}.`;
  }
  if (isWithin(profile.capturePeriod, 0, LARGEST_ENTRY)) return undefined;
  return `A capture period is a number of seconds from 0 to ${LARGEST_ENTRY}, got ${profile.capturePeriod}.`;
}

/** Why a selection is impossible, as a sentence. */
export function selectionFault(selection: ProfileSelection): string | undefined {
  if (selection === 'all') return undefined;
  const { from, to } = selection;
  if (selection.kind === 'entry') {
    const fits = isWithin(from, 1, LARGEST_ENTRY) && isWithin(to, 0, LARGEST_ENTRY) && (to === 0 || to >= from);
    return fits ? undefined : `Entries count from 1, and the last one is not before the first; got ${from} to ${to}.`;
  }
  const times = encodeDateTime(from) !== undefined && encodeDateTime(to) !== undefined && to >= from;
  return times ? undefined : `A range needs two times in milliseconds, the later one last; got ${from} to ${to}.`;
}

function isWithin(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}
