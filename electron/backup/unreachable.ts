import type { BackupItem, BackupItemId } from '../../shared/domain/backup.ts';
import type { HandOff } from '../../shared/domain/hand-off.ts';

/** Something a meter holds that no open protocol gives, and how to save it with the vendor's software. */
export interface UnreachableData {
  readonly id: 'template' | 'security' | 'users' | 'time-of-use' | 'recorder-logs' | 'event-log';
  /** Item of the backup that stands for it. */
  readonly item: Extract<BackupItemId, 'ion-setup-exports' | 'recorder-logs' | 'event-log'>;
  readonly title: string;
  readonly because: string;
  readonly handOff: HandOff;
}

const SEEN_AS_FILE =
  'Meterwright sees only the file that you attach; whether it is complete cannot be read back from the meter.';
const MENU_UNKNOWN = "The menu for this is in no document that Meterwright knows: see the vendor's page on ION Setup.";

/**
 * What cannot be reached, in the order in which to save it. Menu paths are those of published vendor documents (security: the ION7400 help page on storing
 * SCF files; memory: the logging page of the platform's manual); where none is known, the text says so.
 */
export const UNREACHABLE_DATA: readonly UnreachableData[] = [
  {
    id: 'recorder-logs',
    item: 'recorder-logs',
    title: 'Logs of the data recorders that DLMS does not show',
    because:
      'Over DLMS a meter shows the data recorders that have a DLMS Log Export module, each with 16 sources at most; the ION7400 does not give its data recorders over Modbus.',
    handOff: handOff('Save the data recorder logs', [
      'Open the meter in ION Setup and read every data recorder whose log you need and that is not in the backup. Setup Assistant > Logging > Memory lists the recorders; do not change anything there, because a changed recorder loses its records.',
      `Save each log to a file. ${MENU_UNKNOWN}`,
      'Attach the files to the backup, and waive the item "recorder-logs" with a reason that names them. If Power Monitoring Expert has the logs, name that as the reason.',
    ]),
  },
  {
    id: 'event-log',
    item: 'event-log',
    title: 'Event log, where DLMS does not show it',
    because: 'Only a meter that exports its event log over DLMS gives it over an open protocol.',
    handOff: handOff('Save the event log', [
      `Open the meter in ION Setup, read the event log and save it to a file. ${MENU_UNKNOWN}`,
      'Attach the file to the backup, and waive the item "event-log" with a reason that names it.',
    ]),
  },
  {
    id: 'template',
    item: 'ion-setup-exports',
    title: 'Device template (all modules, links and setup registers)',
    because: 'Templates are read over the ION protocol, which is proprietary.',
    handOff: handOff('Save the device template', [
      `Open the meter in ION Setup and save its template to a file. ${MENU_UNKNOWN}`,
      'Attach the file (usually .dcf) to the backup.',
    ]),
  },
  {
    id: 'security',
    item: 'ion-setup-exports',
    title: 'Security configuration',
    because: 'The security configuration is an encrypted file that only ION Setup writes.',
    handOff: handOff('Save the security configuration', [
      'In ION Setup open Setup Assistant > Security > Security Mode > Edit and enter the password of the meter.',
      'Finish the wizard and save under a new name when it asks: the opened file is overwritten otherwise. Finish sends the settings to the meter, so change none of them.',
      'Attach the .scf from the folder C:\\ProgramData\\Schneider Electric\\ION Setup\\Security. It fits meters of the same model only, and it holds secrets: keep the backup accordingly.',
    ]),
  },
  {
    id: 'users',
    item: 'ion-setup-exports',
    title: 'Users and their passwords',
    because: 'No protocol gives passwords back; they cannot be recovered when they are lost.',
    handOff: handOff('Make sure that the users are known', [
      'Write down which users exist and what they may do. Keep their passwords where your company keeps passwords; do not attach them.',
    ]),
  },
  {
    id: 'time-of-use',
    item: 'ion-setup-exports',
    title: 'Time-of-use program',
    because:
      'Time-of-use programs are read over the ION protocol, which is proprietary; holiday lists stand on the PC that wrote them.',
    handOff: handOff('Save the time-of-use program', [
      `If the meter bills by time of use, save the program in ION Setup. ${MENU_UNKNOWN}`,
      'Attach the .tcf to the backup.',
    ]),
  },
];

/** What nobody can tell over DLMS: stands among the gaps of every backup. */
export const LOGS_NOT_SHOWN =
  'recorder-logs: data recorders without a DLMS Log Export module, and sources of a recorder after the sixteenth, do not show over DLMS. Whether the meter has any is seen in ION Setup (Setup Assistant > Logging > Memory); save them there and attach the files.';

/** What to do about an item that no open protocol gives, in one text. */
export function stepsFor(item: UnreachableData['item']): string {
  const data = UNREACHABLE_DATA.find((candidate) => candidate.item === item);
  return data?.handOff.steps.map((step) => step.text).join(' ') ?? '';
}

/** What of it a backup with these items neither has nor goes without by name. */
export function unreachableIn(items: readonly Pick<BackupItem, 'id' | 'state'>[]): readonly UnreachableData[] {
  const open = new Set(items.filter(({ state }) => state !== 'saved' && state !== 'waived').map(({ id }) => id));
  return UNREACHABLE_DATA.filter(({ item }) => open.has(item));
}

function handOff(title: string, steps: readonly string[]): HandOff {
  return { title, steps: steps.map((text) => ({ text, values: [] })), watch: SEEN_AS_FILE };
}
