import { type FirmwareVersion, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import { type Problem, problem } from '../../../shared/domain/problem.ts';

/** `setup/no-map`: nothing says where the settings of a meter stand. `firmware` is null where the meter does not say what it runs. */
export function noMap(firmware: FirmwareVersion | null): Problem {
  return problem({
    code: 'setup/no-map',
    title: 'The setup registers of this meter are not known',
    because:
      firmware === null
        ? 'The meter does not say which firmware it runs.'
        : `No Modbus map was imported for firmware ${formatFirmware(firmware)}.`,
    nextStep: "Import the Modbus map (.xlsx) of the vendor's firmware package; until then use the change sheet.",
  });
}
