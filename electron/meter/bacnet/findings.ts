import type { GateVerdict } from '../../../shared/domain/gate.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import type { BacnetFindingId } from '../../../shared/domain/settings/bacnet-finding.ts';
import type { BacnetObjectId, IAm, IHave } from '../../protocols/bacnet/types.ts';
import type { ObjectList } from './read-objects.ts';
import type { BacnetFinding, BacnetObjectRow } from './types.ts';

/** Vendor identifiers of Schneider Electric in the list of ASHRAE. */
const SCHNEIDER = [10, 335];
/** What 4.6.0 implements. Source: release notes 7EN12-0483-00, "B-SS, 135 V1 R16". */
const EXPECTED_REVISION = 16;
/** Names that are listed in a sentence. */
const NAMED = 3;

function finding(id: BacnetFindingId, verdict: GateVerdict, because: string): BacnetFinding {
  return { id, verdict, because };
}

/** The meter was read; whether it also answers Who-Is is another matter. */
export function answersFinding(iAm: IAm | undefined): BacnetFinding {
  return iAm === undefined
    ? finding(
        'answers',
        'warn',
        'The meter answers reads but not Who-Is, so a building automation cannot find it by itself.',
      )
    : finding(
        'answers',
        'pass',
        `The meter answers Who-Is: device ${iAm.deviceId}, answers of up to ${iAm.maxApdu} bytes.`,
      );
}

/** By Who-Is or else by reading; both have to say the same. */
export function deviceIdFinding(
  deviceId: number | null,
  read: number | null,
  expected: number | undefined,
): BacnetFinding {
  if (deviceId === null) return finding('device-id', 'unknown', 'The meter did not say which device id it has.');
  if (read !== null && read !== deviceId) {
    return finding('device-id', 'block', `The meter says ${deviceId} in its I-Am and ${read} in its device object.`);
  }
  if (expected === undefined) return finding('device-id', 'pass', `The device id is ${deviceId}; none was expected.`);
  return deviceId === expected
    ? finding('device-id', 'pass', `The device id is ${deviceId}, as configured.`)
    : finding('device-id', 'block', `The device id is ${deviceId}, but ${expected} was configured.`);
}

/** Compared letter by letter. */
export function deviceNameFinding(name: string | null, expected: string | undefined): BacnetFinding {
  if (name === null) return finding('device-name', 'unknown', 'The name of the device could not be read.');
  if (name === '') return finding('device-name', 'block', 'The device has no name; the standard wants one.');
  if (expected === undefined) return finding('device-name', 'pass', `The name is "${name}"; none was expected.`);
  return name === expected
    ? finding('device-name', 'pass', `The name is "${name}", as configured.`)
    : finding('device-name', 'block', `The name is "${name}", but "${expected}" was configured.`);
}

/** The identifier of the meter is not in any document, so another one is no reason to stop. */
export function vendorFinding(vendorId: number | null): BacnetFinding {
  if (vendorId === null) return finding('vendor', 'unknown', 'The vendor identifier could not be read.');
  return SCHNEIDER.includes(vendorId)
    ? finding('vendor', 'pass', `The vendor identifier is ${vendorId}, Schneider Electric.`)
    : finding(
        'vendor',
        'warn',
        `The vendor identifier is ${vendorId}, which is not Schneider Electric (10): is this the right device?`,
      );
}

/** Another revision is another firmware. */
export function revisionFinding(revision: number | null): BacnetFinding {
  if (revision === null) return finding('protocol-revision', 'unknown', 'The protocol revision could not be read.');
  return revision === EXPECTED_REVISION
    ? finding('protocol-revision', 'pass', 'The protocol revision is 16, as in firmware 4.6.0.')
    : finding(
        'protocol-revision',
        'warn',
        `The protocol revision is ${revision}; firmware 4.6.0 has ${EXPECTED_REVISION}.`,
      );
}

/** Element by element, and in one piece. */
export function objectListFinding(list: Result<ObjectList>): BacnetFinding {
  const id = 'object-list';
  if (!list.ok) return finding(id, 'block', `The list of objects cannot be read: ${list.problem.because}`);
  const { count, objects, unread, repeated, whole } = list.value;
  if (count === 0) return finding(id, 'block', 'The list of objects is empty.');
  const missing = count - objects.length - unread - repeated;
  if (missing > 0)
    return finding(id, 'warn', `The meter says that it has ${count} objects; ${objects.length} were read.`);
  if (unread > 0)
    return finding(id, 'warn', `${unread} of ${count} elements of the list of objects could not be read.`);
  if (repeated > 0) return finding(id, 'warn', `The list of objects names ${repeated} of its ${count} objects twice.`);
  if (!objects.some(({ type }) => type === 8))
    return finding(id, 'warn', 'The list of objects lacks the device itself.');
  if (whole === 'different') {
    return finding(id, 'warn', `The list of ${count} objects is another one when it is read in one piece.`);
  }
  const inOne = whole === 'same' ? 'also in one piece' : 'element by element; in one piece it does not fit an answer';
  return finding(id, 'pass', `All ${count} objects are read, ${whole === 'refused' ? 'element by element' : inOne}.`);
}

/** Names are unique within a device. Source: ANSI/ASHRAE 135, clause 12.1.5. */
export function namesFinding(rows: readonly BacnetObjectRow[], deviceName: string | null): BacnetFinding {
  const id = 'object-names';
  const nameless = rows.filter(({ name }) => name === null || name === '');
  if (nameless.length > 0) return finding(id, 'warn', `${nameless.length} objects have no name: ${listed(nameless)}.`);
  const seen = new Set(deviceName === null ? [] : [deviceName]);
  const twice = rows.filter(({ name }) => {
    if (name === null) return false;
    if (seen.has(name)) return true;
    seen.add(name);
    return false;
  });
  return twice.length === 0
    ? finding(id, 'pass', `All ${rows.length} objects have a name of their own.`)
    : finding(id, 'warn', `${twice.length} objects have a name that another one has too: ${listed(twice)}.`);
}

/** A value that is no number is legal and still worth a look. */
export function valuesFinding(rows: readonly BacnetObjectRow[]): BacnetFinding {
  const id = 'present-values';
  if (rows.length === 0) return finding(id, 'unknown', 'There is no object to read a value of.');
  const refused = rows.filter(({ because }) => because !== null);
  if (refused.length > 0) {
    return finding(
      id,
      'warn',
      `${refused.length} of ${rows.length} objects gave an error: ${refused[0]?.because ?? ''}`,
    );
  }
  const absent = rows.filter(({ presentValue }) => presentValue === 'not available');
  if (absent.length > 0) {
    return finding(
      id,
      'warn',
      `${absent.length} of ${rows.length} values are not available now (not a number): ${listed(absent)}.`,
    );
  }
  return finding(id, 'pass', `The values of ${rows.length} objects were read.`);
}

/** By id, and by name where the object has one. Both belong to every B-SS. */
export function whoHasFinding(asked: {
  readonly object: BacnetObjectId;
  readonly name: string | null;
  readonly nameAsked: boolean;
  readonly deviceId: number | null;
  readonly byId: IHave | undefined;
  readonly byName: IHave | undefined;
}): BacnetFinding {
  const id = 'who-has';
  const { byId, byName, object, name, nameAsked, deviceId } = asked;
  if (byId === undefined && byName === undefined) {
    return finding(id, 'warn', 'The meter does not answer Who-Has, so objects cannot be searched for by their names.');
  }
  const wrong = [byId, byName].find((one) => one !== undefined && deviceId !== null && one.deviceId !== deviceId);
  if (wrong !== undefined) {
    return finding(id, 'warn', `The answer to Who-Has comes from device ${wrong.deviceId}, not ${deviceId}.`);
  }
  if (byId === undefined) return finding(id, 'warn', 'The meter answers Who-Has by name, but not by object.');
  if (name !== null && byId.name !== name) {
    return finding(
      id,
      'warn',
      `Who-Has says that ${object.type}:${object.instance} is "${byId.name}", reading says "${name}".`,
    );
  }
  if (nameAsked && byName === undefined)
    return finding(id, 'warn', 'The meter answers Who-Has by object, but not by name.');
  return finding(id, 'pass', `The meter answers Who-Has by object${nameAsked ? ' and by name' : ''}.`);
}

function listed(rows: readonly BacnetObjectRow[]): string {
  const names = rows.slice(0, NAMED).map(({ name, typeName, object }) => name || `${typeName} ${object.instance}`);
  return rows.length > NAMED ? `${names.join(', ')} and ${rows.length - NAMED} more` : names.join(', ');
}
