import { formatFirmwareLong } from '../../shared/domain/firmware-version.ts';
import { IDENTITY_TEXTS } from '../modbus/map.ts';
import type { MapRow, MapView } from '../modbus/row.ts';
import { bits, bool, enumerated, type ObjectId, objectId, real, text, unsigned } from './tags.ts';

/** Source: ANSI/ASHRAE 135, BACnetObjectType. */
export const OBJECT_TYPE = { analogInput: 0, binaryInput: 3, device: 8 } as const;
/** Source: ANSI/ASHRAE 135, BACnetPropertyIdentifier. */
export const PROPERTY = {
  all: 8,
  apduTimeout: 11,
  applicationSoftwareVersion: 12,
  description: 28,
  deviceAddressBinding: 30,
  eventState: 36,
  firmwareRevision: 44,
  location: 58,
  maxApdu: 62,
  modelName: 70,
  apduRetries: 73,
  objectIdentifier: 75,
  objectList: 76,
  objectName: 77,
  objectType: 79,
  optional: 80,
  outOfService: 81,
  polarity: 84,
  presentValue: 85,
  objectTypesSupported: 96,
  servicesSupported: 97,
  protocolVersion: 98,
  reliability: 103,
  required: 105,
  segmentationSupported: 107,
  statusFlags: 111,
  systemStatus: 112,
  units: 117,
  vendorIdentifier: 120,
  vendorName: 121,
  protocolRevision: 139,
  databaseRevision: 155,
  propertyList: 371,
} as const;
/** Bits of Protocol_Services_Supported and, but for Who-Has and Who-Is, numbers of confirmed services. */
export const SERVICE = { readProperty: 12, readPropertyMultiple: 14, whoHas: 33, whoIs: 34 } as const;
/** Schneider Electric. Source: vendor's PICS of sister meters. */
export const VENDOR_ID = 10;
/** Source: ANSI/ASHRAE 135, BACnetSegmentation. */
export const NO_SEGMENTATION = 3;
/** B-SS, protocol version 1, revision 16. Source: release notes 7EN12-0483-00. */
const PROTOCOL = { version: 1, revision: 16, services: 41, objectTypes: 56 };
const RELIABILITY = { noFault: 0, unreliable: 7 };
const FAULT_FLAG = 1;
/** Source: ANSI/ASHRAE 135, BACnetEngineeringUnits. */
const UNITS: Readonly<Record<string, number>> = {
  A: 3,
  V: 5,
  VA: 8,
  var: 11,
  kWh: 19,
  Hz: 27,
  W: 47,
  '%': 98,
  kVAh: 240,
  kvarh: 243,
};
const POWER_FACTOR = 15;
/** Digital inputs of the base unit and the row that holds their states. */
const INPUTS = { count: 6, row: 'Digital Input Status (base unit)' };

/** Value of a property: encoded, or the elements of an array. */
export type PropertyValue = Buffer | readonly Buffer[];

export interface BacnetObject {
  readonly id: ObjectId;
  readonly name: string;
  /** What every object of its type has, and what this one has besides. */
  readonly required: ReadonlyMap<number, (view: MapView) => PropertyValue>;
  readonly optional: ReadonlyMap<number, (view: MapView) => PropertyValue>;
}

export interface ObjectsParts {
  readonly rows: readonly MapRow[];
  readonly deviceId: number;
  readonly deviceName: string;
  readonly readMultiple: boolean;
  readonly maxApdu: number;
}

type Properties = readonly (readonly [number, (view: MapView) => PropertyValue])[];

/** Whether a property is in no Property_List: it and those that every object has. Source: ANSI/ASHRAE 135, 12.1.1.4. */
function isUnlisted(property: number): boolean {
  return (
    property === PROPERTY.propertyList ||
    property === PROPERTY.objectIdentifier ||
    property === PROPERTY.objectName ||
    property === PROPERTY.objectType
  );
}

/** The Device and one object for each measured value and digital input. Instances and names are simulated; the Device comes first. */
export function createObjects(parts: ObjectsParts): readonly [BacnetObject, ...BacnetObject[]] {
  const measured = parts.rows.filter(({ type, unit, name }) => type === 'FLOAT32' && unitOf(unit, name) !== undefined);
  const isEnergy = ({ unit }: MapRow): boolean => unit.endsWith('h');
  const ordered = [...measured.filter((row) => !isEnergy(row)), ...measured.filter(isEnergy)];
  const analog = ordered.map((row, index) => analogInput(row, index + 1));
  const status = parts.rows.find(({ name }) => name === INPUTS.row);
  const binary =
    status === undefined ? [] : Array.from({ length: INPUTS.count }, (_, index) => binaryInput(status, index));
  const points = [...analog, ...binary];
  const device: BacnetObject = bacnetObject(
    { type: OBJECT_TYPE.device, instance: parts.deviceId },
    parts.deviceName,
    deviceProperties(parts, () => [objectId(device.id), ...points.map(({ id }) => objectId(id))]),
    [
      [PROPERTY.description, () => text(IDENTITY_TEXTS.model)],
      [PROPERTY.location, () => text('')],
    ],
  );
  return [device, ...points];
}

function deviceProperties({ readMultiple, maxApdu }: ObjectsParts, list: () => readonly Buffer[]): Properties {
  const services: readonly number[] = [
    SERVICE.readProperty,
    ...(readMultiple ? [SERVICE.readPropertyMultiple] : []),
    SERVICE.whoHas,
    SERVICE.whoIs,
  ];
  const types: readonly number[] = Object.values(OBJECT_TYPE);
  const firmware = ({ firmware }: MapView): Buffer => text(formatFirmwareLong(firmware));
  return [
    [PROPERTY.systemStatus, () => enumerated(0)],
    [PROPERTY.vendorName, () => text(IDENTITY_TEXTS.manufacturer)],
    [PROPERTY.vendorIdentifier, () => unsigned(VENDOR_ID)],
    [PROPERTY.modelName, () => text(IDENTITY_TEXTS.model)],
    [PROPERTY.firmwareRevision, firmware],
    [PROPERTY.applicationSoftwareVersion, firmware],
    [PROPERTY.protocolVersion, () => unsigned(PROTOCOL.version)],
    [PROPERTY.protocolRevision, () => unsigned(PROTOCOL.revision)],
    [PROPERTY.servicesSupported, () => bits(PROTOCOL.services, (bit) => services.includes(bit))],
    [PROPERTY.objectTypesSupported, () => bits(PROTOCOL.objectTypes, (bit) => types.includes(bit))],
    [PROPERTY.objectList, list],
    [PROPERTY.maxApdu, () => unsigned(maxApdu)],
    [PROPERTY.segmentationSupported, () => enumerated(NO_SEGMENTATION)],
    [PROPERTY.apduTimeout, () => unsigned(3000)],
    [PROPERTY.apduRetries, () => unsigned(0)],
    // It asks nobody, so it knows nobody's address.
    [PROPERTY.deviceAddressBinding, () => Buffer.alloc(0)],
    [PROPERTY.databaseRevision, () => unsigned(1)],
  ];
}

function analogInput(row: MapRow, instance: number): BacnetObject {
  const value = (view: MapView): number | undefined => {
    const read = view.unavailable.has(row.register) ? null : row.read(view);
    return read === null ? undefined : Number(read);
  };
  return bacnetObject(
    { type: OBJECT_TYPE.analogInput, instance },
    row.name,
    [
      [PROPERTY.presentValue, (view) => real(value(view) ?? Number.NaN)],
      ...common((view) => value(view) !== undefined),
      [PROPERTY.units, () => enumerated(unitOf(row.unit, row.name) ?? 0)],
    ],
    [
      [PROPERTY.description, () => text(`${row.name} (Modbus register ${row.register})`)],
      [PROPERTY.reliability, (view) => enumerated(value(view) === undefined ? RELIABILITY.unreliable : 0)],
    ],
  );
}

function binaryInput(row: MapRow, bit: number): BacnetObject {
  return bacnetObject(
    { type: OBJECT_TYPE.binaryInput, instance: bit + 1 },
    `Digital Input ${bit + 1}`,
    [
      [PROPERTY.presentValue, (view) => enumerated((Number(row.read(view)) >> bit) & 1)],
      ...common(() => true),
      [PROPERTY.polarity, () => enumerated(0)],
    ],
    [[PROPERTY.reliability, () => enumerated(RELIABILITY.noFault)]],
  );
}

function common(reliable: (view: MapView) => boolean): Properties {
  return [
    [PROPERTY.statusFlags, (view) => bits(4, (bit) => bit === FAULT_FLAG && !reliable(view))],
    [PROPERTY.eventState, () => enumerated(0)],
    [PROPERTY.outOfService, () => bool(false)],
  ];
}

function bacnetObject(id: ObjectId, name: string, own: Properties, more: Properties): BacnetObject {
  const required: Properties = [
    [PROPERTY.objectIdentifier, () => objectId(id)],
    [PROPERTY.objectName, () => text(name)],
    [PROPERTY.objectType, () => enumerated(id.type)],
    ...own,
  ];
  const listed = [...required, ...more].map(([property]) => property).filter((property) => !isUnlisted(property));
  const propertyList = (): PropertyValue => listed.map((property) => enumerated(property));
  return {
    id,
    name,
    required: new Map([...required, [PROPERTY.propertyList, propertyList]]),
    optional: new Map(more),
  };
}

/** Engineering units of a row; undefined for one that no object shows. */
function unitOf(unit: string, name: string): number | undefined {
  return unit === '' && name.startsWith('True Power Factor') ? POWER_FACTOR : UNITS[unit];
}
