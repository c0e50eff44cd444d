import type { Recorder } from '../recorders/types.ts';
import {
  array,
  bitString,
  bool,
  enumeration,
  i8,
  i16,
  NULL_DATA,
  octetString,
  structure,
  u8,
  u16,
  visibleString,
} from './data.ts';
import { dateTime, momentOf } from './date-time.ts';
import { obis } from './obis.ts';
import { ACCESS, type Attribute, type CosemObject } from './object.ts';
import { columnClass, encoder, profileGeneric } from './profile.ts';

/** Association status "associated". */
const ASSOCIATED = 2;
const MANAGEMENT_DEVICE = 1;
/** Value of the object identifier 2.16.756.5.8.1.1. */
const LN_CONTEXT_NAME = Buffer.from('60857405080101', 'hex');
const NOTHING = Buffer.alloc(0);
const CLASS = { data: 1, register: 3, clock: 8, association: 15, sapAssignment: 17 } as const;

export interface ObjectsOptions {
  readonly serial: () => string;
  /** In the long form. */
  readonly firmware: () => string;
  /** The same list until what is exported changes. */
  readonly recorders: () => readonly Recorder[];
  /** Milliseconds since 1970 of the meter's clock. */
  readonly clock: () => number;
  setClock(at: number): Promise<void>;
}

/** All COSEM objects of the meter, found by their names. */
export function createObjects(options: ObjectsOptions): (name: Buffer) => CosemObject | undefined {
  let made: { readonly of: readonly Recorder[]; readonly byName: ReadonlyMap<string, CosemObject> } | undefined;
  return (name) => {
    const recorders = options.recorders();
    if (made?.of !== recorders) made = { of: recorders, byName: objectsFor(options, recorders) };
    return made.byName.get(name.toString('hex'));
  };
}

function objectsFor(options: ObjectsOptions, recorders: readonly Recorder[]): ReadonlyMap<string, CosemObject> {
  const deviceName = (): Buffer => octetString(Buffer.from(`SIM${options.serial()}`, 'latin1'));
  const objects: CosemObject[] = [
    sapAssignment(deviceName),
    data('0-0:42.0.0*255', deviceName),
    clockObject(options),
    data('0-0:96.1.0*255', () => visibleString(options.serial())),
    data('1-0:0.2.0*255', () => visibleString(options.firmware())),
    ...recorders.map(profileGeneric),
    // The n-th Profile Generic of the object list has its name in the Data object n.
    ...recorders.map(({ name }, index) => data(`0-0:96.128.${index + 1}*255`, () => visibleString(name))),
    ...columnObjects(recorders),
  ];
  objects.unshift(association(() => objects));
  return new Map(objects.map((object) => [object.name.toString('hex'), object]));
}

const readable = (read: () => Buffer): Attribute => ({ access: 'read', read: () => [read()] });
const HIDDEN: Attribute = { access: 'none' };

/** Data (class 1, version 0). */
function data(name: string, value: () => Buffer): CosemObject {
  return { classId: CLASS.data, version: 0, name: obis(name), attributes: [readable(value)] };
}

/** What the columns of the recorders hold: the newest value of each. */
function columnObjects(recorders: readonly Recorder[]): CosemObject[] {
  // A value that several recorders hold is one object.
  const seen = new Set<string>();
  return recorders.flatMap((recorder) =>
    recorder.columns.flatMap((column, index): readonly CosemObject[] => {
      if (seen.has(column.obis)) return [];
      seen.add(column.obis);
      const encode = encoder(column);
      const newest = readable(() => {
        const rows = recorder.rows();
        return rows.count === 0 ? NULL_DATA : encode(rows.valuesAt(rows.count - 1)[index]);
      });
      const unit = readable(() => structure(i8(column.scaler), enumeration(column.unit)));
      const classId = columnClass(column);
      const attributes = classId === CLASS.register ? [newest, unit] : [newest];
      return [{ classId, version: 0, name: obis(column.obis), attributes }];
    }),
  );
}

/** Clock (class 8, version 0): UTC, no daylight saving. Only its time can be set. */
function clockObject({ clock, setClock }: ObjectsOptions): CosemObject {
  const never = octetString(Buffer.from('ffffffffffffffffff800000', 'hex'));
  return {
    classId: CLASS.clock,
    version: 0,
    name: obis('0-0:1.0.0*255'),
    attributes: [
      {
        access: 'read-write',
        read: () => [octetString(dateTime(clock()))],
        async write(value) {
          if (value.kind !== 'octets' && value.kind !== 'date-time') return ACCESS.typeUnmatched;
          if (value.bytes.length !== 12) return ACCESS.typeUnmatched;
          const at = momentOf(value.bytes, clock());
          if (at === undefined) return ACCESS.other;
          await setClock(at);
          return ACCESS.success;
        },
      },
      readable(() => i16(0)),
      readable(() => u8(0)),
      readable(() => never),
      readable(() => never),
      readable(() => i8(0)),
      readable(() => bool(false)),
      readable(() => enumeration(1)),
    ],
  };
}

/** SAP Assignment (class 17, version 0): the management logical device. */
function sapAssignment(deviceName: () => Buffer): CosemObject {
  return {
    classId: CLASS.sapAssignment,
    version: 0,
    name: obis('0-0:41.0.0*255'),
    attributes: [readable(() => array([structure(u16(MANAGEMENT_DEVICE), deviceName())]))],
  };
}

/** Association LN (class 15, version 1); the secret cannot be read. */
function association(objects: () => readonly CosemObject[]): CosemObject {
  return {
    classId: CLASS.association,
    version: 1,
    name: obis('0-0:40.0.0*255'),
    attributes: [
      readable(() => array(objects().map(listEntry))),
      { access: 'read', read: (_, { client }) => [structure(i8(client), u16(MANAGEMENT_DEVICE))] },
      readable(() => octetString(LN_CONTEXT_NAME)),
      {
        access: 'read',
        read: (_, { conformance, maxPdu }) => [
          structure(bitString(threeBytes(conformance)), u16(maxPdu), u16(maxPdu), u8(6), i8(0), octetString(NOTHING)),
        ],
      },
      { access: 'read', read: (_, { authenticated }) => [octetString(mechanismName(authenticated))] },
      HIDDEN,
      readable(() => enumeration(ASSOCIATED)),
    ],
  };
}

/** Value of the object identifier of a mechanism: none or low level security. */
function mechanismName(authenticated: boolean): Buffer {
  return Buffer.from(authenticated ? '60857405080201' : '60857405080200', 'hex');
}

function threeBytes(value: number): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntBE(value, 0, 3);
  return bytes;
}

/** object_list_element: class, version, name, rights to attributes and (none) methods. */
function listEntry({ classId, version, name, attributes }: CosemObject): Buffer {
  const ownName: Attribute = { access: 'read' };
  const rights = [ownName, ...attributes].map(({ access, selectors }, index) =>
    structure(
      i8(index + 1),
      enumeration({ none: 0, read: 1, 'read-write': 3 }[access]),
      selectors === undefined ? NULL_DATA : array(selectors.map(i8)),
    ),
  );
  return structure(u16(classId), u8(version), octetString(name), structure(array(rights), array([])));
}
