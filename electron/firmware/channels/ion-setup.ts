import { type FirmwareVersion, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { HandOff } from '../../../shared/domain/hand-off.ts';

/** What the instructions are made of. */
export interface IonSetupTask {
  readonly host: string;
  readonly meterName: string | null;
  readonly serial: string | null;
  readonly packageFile: string;
  readonly packageSha256: string;
  readonly targetVersion: FirmwareVersion | null;
  /** As the release asks for it: "3.2.25037.01"; null where neither package nor release table says. */
  readonly minimumIonSetup: string | null;
}

/**
 * The main image over ION Setup: the documented way on a real ION7400. The vendor's own menu names for the upgrade dialog were not
 * found in any public document, so the steps name what to look for and do not invent a path.
 * Sources: HEP v3.0.0 FAQ FA409164 (pass the .zip, not the bare .upx), ION8650 protocol page (keep ION enabled), PORTS page (7700, 7443).
 */
export function mainImageHandOff(task: IonSetupTask): HandOff {
  const minimum = task.minimumIonSetup ?? 'the version that the release notes ask for';
  const target = task.targetVersion === null ? 'the new version' : formatFirmware(task.targetVersion);
  return {
    title: `Upgrade to ${target} with ION Setup`,
    steps: [
      {
        text: 'Start ION Setup and check its version under Help > About.',
        values: [{ label: 'At least', value: minimum }],
      },
      {
        text: 'Close every other program that is connected to this meter; 8 connections are shared by all protocols.',
        values: [],
      },
      {
        text: 'Connect to the meter over ION (port 7700) or, where your site uses it, Secure ION (port 7443). Compare the serial number before going on.',
        values: [
          { label: 'Address', value: task.host },
          { label: 'Secure ION address form', value: `${task.host}/TLS` },
          { label: 'Meter', value: task.meterName ?? 'not readable' },
          { label: 'Serial number', value: task.serial ?? 'not readable' },
        ],
      },
      {
        text: 'Open the firmware upgrade of ION Setup for this meter and give it the whole package, the .zip. Do not unpack it: with the bare .upx ION Setup cannot check its own minimum version, and a too old ION Setup loses register values and leaves the meter without its template.',
        values: [
          { label: 'Package', value: task.packageFile },
          { label: 'SHA-256', value: task.packageSha256 },
        ],
      },
      {
        text: 'Start the upgrade and leave the meter powered and connected until ION Setup says that it is finished: after the image it writes the template and the saved registers back.',
        values: [],
      },
      {
        text: 'If the connection drops, wait: ION Setup goes on by itself when the meter answers again. Power-cycling is neither needed nor advised. A steady red status LED means that a firmware upgrade is required: start the upgrade again.',
        values: [],
      },
    ],
    watch: `This tool watches the meter over Modbus: it sees when the meter stops answering and when it comes back with ${target}. It does not see the progress inside ION Setup.`,
  };
}

/** A template (.dcf) is opaque to open protocols; only ION Setup writes it. */
export function templateHandOff(task: {
  readonly host: string;
  readonly serial: string | null;
  readonly file: string;
  readonly sha256: string;
}): HandOff {
  return {
    title: 'Send the template with ION Setup',
    steps: [
      {
        text: 'Save the meter’s present template in ION Setup first; sending a template replaces the whole configuration and can erase the logs of recorders that it changes.',
        values: [],
      },
      {
        text: 'Connect to the meter in ION Setup and compare the serial number.',
        values: [
          { label: 'Address', value: task.host },
          { label: 'Serial number', value: task.serial ?? 'not readable' },
        ],
      },
      {
        text: 'Send this template to the meter.',
        values: [
          { label: 'Template', value: task.file },
          { label: 'SHA-256', value: task.sha256 },
        ],
      },
    ],
    watch: 'The template of a meter cannot be read back over open protocols; compare it in ION Setup.',
  };
}
