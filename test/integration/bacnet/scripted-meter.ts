import { framed, iAm, type ScriptedPeer, scriptedPeer } from './scripted-peer.ts';

/** What the meter has: `${type} ${instance}` to properties, each with its encoded elements. */
export type Objects = Record<string, Record<number, readonly string[]>>;

export interface MeterScript {
  readonly deviceId: number;
  readonly objects: Objects;
  /** Properties that one ReadPropertyMultiple may have before it is aborted; without it the service is unknown. */
  readonly multiple?: number;
  /** Names ReadPropertyMultiple among its services and rejects it all the same. */
  readonly claimsMultiple?: boolean;
  readonly silent?: { readonly whoIs?: boolean; readonly whoHas?: boolean };
  readonly bind?: { readonly address: string; readonly port: number };
}

const WILDCARD = 0x3f_ffff;

export const hex = {
  objectId: (type: number, instance: number): string =>
    `c4${(type * 0x40_0000 + instance).toString(16).padStart(8, '0')}`,
  text(value: string): string {
    const bytes = Buffer.from(value, 'utf8').toString('hex');
    return `75${(bytes.length / 2 + 1).toString(16).padStart(2, '0')}00${bytes}`;
  },
  unsigned: (value: number): string => `22${value.toString(16).padStart(4, '0')}`,
  enumerated: (value: number): string => `91${value.toString(16).padStart(2, '0')}`,
  real(value: number): string {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatBE(value);
    return `44${bytes.toString('hex')}`;
  },
};

/** An analog input with its name, value and unit. */
export function analogInput(name: string, value: number, unit: number): Record<number, readonly string[]> {
  return {
    77: [hex.text(name)],
    85: [hex.real(value)],
    117: [hex.enumerated(unit)],
    28: [hex.text(`${name}, measured`)],
  };
}

/** The device object and the given others, with an object list that names them all. */
export function objectsOf(
  deviceId: number,
  name: string,
  others: Objects,
  device: Record<number, readonly string[]> = {},
): Objects {
  const list = [
    hex.objectId(8, deviceId),
    ...Object.keys(others).map((key) => {
      const [type = '0', instance = '0'] = key.split(' ');
      return hex.objectId(Number(type), Number(instance));
    }),
  ];
  return {
    [`8 ${deviceId}`]: {
      75: [hex.objectId(8, deviceId)],
      76: list,
      77: [hex.text(name)],
      120: ['210a'],
      121: [hex.text('Schneider Electric')],
      70: [hex.text('ION7400')],
      44: [hex.text('004.006.000')],
      139: ['2110'],
      62: ['2205c4'],
      ...device,
    },
    ...others,
  };
}

/** A B-SS of a few lines, with a reader of requests of its own. */
export function scriptedMeter(script: MeterScript): Promise<ScriptedPeer> {
  const multiple = script.multiple !== undefined || script.claimsMultiple === true;
  // 41 bits, of which 12 (ReadProperty), 14 (ReadPropertyMultiple), 33 (Who-Has) and 34 (Who-Is).
  const services = multiple ? '850707000a00006000' : '850707000800006000';
  return scriptedPeer((request) => {
    const bytes = Buffer.from(request, 'hex');
    const network = (bytes[5] ?? 0) & 0x20 ? 10 : 6;
    const apdu = bytes.subarray(network);
    if (apdu[0] === 0x10) return unconfirmed(script, apdu);
    return [framed(confirmed(script, apdu, services))];
  }, script.bind);
}

function unconfirmed(script: MeterScript, apdu: Buffer): readonly string[] {
  const body = apdu.subarray(2).toString('hex');
  if (apdu[1] === 8) {
    const limits = /^(?:09(..)|0a(....)|0b(......))(?:19(..)|1a(....)|1b(......))$/
      .exec(body)
      ?.slice(1)
      .filter(Boolean);
    const [low = 0, high = WILDCARD] = (limits ?? []).map((one) => Number.parseInt(one, 16));
    const asked = script.deviceId >= low && script.deviceId <= high;
    return asked && script.silent?.whoIs !== true ? [framed(iAm(script.deviceId))] : [];
  }
  if (apdu[1] !== 7 || script.silent?.whoHas === true) return [];
  const found = Object.entries(script.objects).find(([key, properties]) => {
    const [type = '', instance = ''] = key.split(' ');
    const name = properties[77]?.[0] ?? '';
    return body === `2c${hex.objectId(Number(type), Number(instance)).slice(2)}` || body === `3d${name.slice(2)}`;
  });
  if (found === undefined) return [];
  const [type = '', instance = ''] = found[0].split(' ');
  const object = hex.objectId(Number(type), Number(instance));
  return [framed(`1001${hex.objectId(8, script.deviceId)}${object}${found[1][77]?.[0] ?? ''}`)];
}

function confirmed(script: MeterScript, apdu: Buffer, services: string): string {
  const id = apdu.subarray(2, 3).toString('hex');
  const body = apdu.subarray(4);
  if (apdu[3] === 12) {
    const asked = readReference(body, 1, 1);
    const value = encodedValue(script, body.readUInt32BE(1), asked, services);
    if (value === undefined) return `50${id}0c91029120`;
    if (value.length > 2000) return `71${id}04`;
    return `30${id}0c${body.toString('hex')}3e${value}3f`;
  }
  if (apdu[3] !== 14 || script.multiple === undefined) return `60${id}09`;
  let at = 0;
  let count = 0;
  let answer = '';
  while (at < body.length) {
    const object = body.readUInt32BE(at + 1);
    answer += `${body.subarray(at, at + 5).toString('hex')}1e`;
    at += 6;
    while (body[at] !== 0x1f) {
      const asked = readReference(body, at - 4, 0);
      const value = encodedValue(script, object, asked, services);
      const named = body.subarray(at, asked.end).toString('hex');
      answer += asTags23(named, body[at] ?? 0) + (value === undefined ? '5e910291205f' : `4e${value}4f`);
      at = asked.end;
      count += 1;
    }
    answer += '1f';
    at += 1;
  }
  return count > script.multiple ? `71${id}01` : `30${id}0e${answer}`;
}

/** Context tags 0 and 1 of a request are 2 and 3 in its answer. */
function asTags23(named: string, first: number): string {
  const length = 1 + (first & 7);
  const property = `2${named.slice(1, 2 * length)}`;
  const index = named.slice(2 * length);
  return index === '' ? property : `${property}3${index.slice(1)}`;
}

/** A property behind 4 bytes of object, and an index after it; tags count from `tag`. */
function readReference(body: Buffer, at: number, tag: number): { property: number; index?: number; end: number } {
  const from = at + 4;
  const size = (body[from] ?? 0) & 7;
  const property = body.readUIntBE(from + 1, size);
  const next = from + 1 + size;
  const indexTag = body[next] ?? 0;
  if (indexTag >> 4 !== tag + 1 || (indexTag & 8) === 0 || (indexTag & 7) > 4) return { property, end: next };
  const indexSize = indexTag & 7;
  return { property, index: body.readUIntBE(next + 1, indexSize), end: next + 1 + indexSize };
}

function encodedValue(
  script: MeterScript,
  packed: number,
  { property, index }: { readonly property: number; readonly index?: number },
  services: string,
): string | undefined {
  const type = Math.floor(packed / 0x40_0000);
  const instance = type === 8 && packed % 0x40_0000 === WILDCARD ? script.deviceId : packed % 0x40_0000;
  if (type === 8 && property === 97) return services;
  const elements = script.objects[`${type} ${instance}`]?.[property];
  if (elements === undefined || index === undefined) return elements?.join('');
  return index === 0 ? hex.unsigned(elements.length) : elements[index - 1];
}
