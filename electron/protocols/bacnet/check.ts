import type {
  BacnetAddress,
  BacnetObjectId,
  BacnetOptions,
  PropertyReference,
  WhoHasQuestion,
  WhoIsQuestion,
} from './types.ts';

/** The first thing that is wrong with what a caller gave, as a sentence; undefined where nothing is. */
type Fault = string | undefined;

const MOST_INSTANCE = 4_194_303;

export function optionsFault({ bind, timeoutMs, retries }: BacnetOptions): Fault {
  if (!isWithin(timeoutMs, 50, 60_000)) return `Time-outs are 50 to 60000 ms, got ${timeoutMs}.`;
  if (!isWithin(retries, 0, 10)) return `Requests are repeated 0 to 10 times, got ${retries}.`;
  return bind === undefined || isWithin(bind.port, 0, 65_535) ? undefined : `Ports are 0 to 65535, got ${bind.port}.`;
}

export function addressFault({ host, port, routed }: BacnetAddress): Fault {
  if (host === '') return 'The address of the device is empty.';
  if (!isWithin(port, 1, 65_535)) return `Ports are 1 to 65535, got ${port}.`;
  if (routed === undefined) return undefined;
  if (!isWithin(routed.network, 1, 65_534)) return `Networks are 1 to 65534, got ${routed.network}.`;
  return /^([0-9a-f]{2}){1,18}$/i.test(routed.mac) ? undefined : 'The address behind the router is not hex.';
}

export function referenceFault({ object, property, arrayIndex }: PropertyReference): Fault {
  if (!isWithin(property, 0, MOST_INSTANCE)) return `Properties are 0 to ${MOST_INSTANCE}, got ${property}.`;
  if (arrayIndex !== undefined && !isWithin(arrayIndex, 0, 0xffff_fffe)) {
    return `Array indices are 0 to 4294967294, got ${arrayIndex}.`;
  }
  return objectFault(object);
}

export function questionFault(question: WhoIsQuestion | WhoHasQuestion): Fault {
  const { low, high, waitMs, target } = question;
  if (!isWithin(waitMs, 1, 60_000)) return `Answers are gathered for 1 to 60000 ms, got ${waitMs}.`;
  if ((low === undefined) !== (high === undefined))
    return 'The lowest and the highest instance are given both or not at all.';
  if (low !== undefined && high !== undefined) {
    if (!isWithin(low, 0, MOST_INSTANCE) || !isWithin(high, low, MOST_INSTANCE)) {
      return `Device instances are 0 to ${MOST_INSTANCE}, got ${low} to ${high}.`;
    }
  }
  const fault = target.kind === 'device' ? addressFault(target.address) : undefined;
  if (fault !== undefined) return fault;
  if (target.kind === 'broadcast' && target.port !== undefined && !isWithin(target.port, 1, 65_535)) {
    return `Ports are 1 to 65535, got ${target.port}.`;
  }
  return 'what' in question ? whatFault(question.what) : undefined;
}

function whatFault(what: WhoHasQuestion['what']): Fault {
  if ('object' in what) return objectFault(what.object);
  const bytes = Buffer.byteLength(what.name, 'utf8');
  return bytes >= 1 && bytes <= 255 ? undefined : `Names have 1 to 255 bytes, got ${bytes}.`;
}

function objectFault({ type, instance }: BacnetObjectId): Fault {
  if (!isWithin(type, 0, 1023)) return `Object types are 0 to 1023, got ${type}.`;
  return isWithin(instance, 0, MOST_INSTANCE) ? undefined : `Instances are 0 to ${MOST_INSTANCE}, got ${instance}.`;
}

export function isWithin(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}
