import { type IonSetupVersion, parseIonSetupVersion } from '../../shared/domain/ion-setup-version.ts';
import { fail, METER_STATE, ok, type Result } from '../../shared/domain/problem.ts';
import { findVersionResource } from './pe-file.ts';
import { readVersionResource } from './version-resource.ts';

/**
 * Version of a Windows program from its version resource, on any operating system. `FileVersion` as text comes first because it keeps
 * what the vendor prints, then `ProductVersion`, then the four 16-bit numbers of the fixed block. Old tools write "3, 2, 25037, 1":
 * that is read, too. Refuses with `ion-setup/unreadable-program` what is no program or has no version; never throws.
 */
export function readExeVersion(bytes: Uint8Array): Result<IonSetupVersion> {
  const found = findVersionResource(bytes);
  const resource = found === null ? null : readVersionResource(found);
  if (resource === null) return refuse('The file is not a Windows program or has no version resource.');
  for (const text of [resource.fileVersion, resource.productVersion, resource.fixedFile?.join('.')]) {
    const version = parseIonSetupVersion((text ?? '').replace(/\s*[,.]\s*/g, '.'));
    if (version.ok) return ok(version.value);
  }
  return refuse('The version resource of the program holds no version of four numbers.');
}

function refuse(because: string): Result<IonSetupVersion> {
  return fail({
    code: 'ion-setup/unreadable-program',
    title: 'The version of this program cannot be read',
    because,
    meterState: METER_STATE.noMeter,
    nextStep:
      'Give the path of the ION Setup program file (.exe), or read the version in ION Setup under Help > About.',
  });
}
