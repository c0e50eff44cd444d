import { type FirmwareVersion, formatFirmware } from '../../../../shared/domain/firmware-version.ts';
import { importMap } from '../../../services/settings/site-maps.ts';
import { mapState } from '../../../services/settings/views.ts';
import { type CommandContext, houseFor } from '../../context.ts';
import { EXIT, failedOutcome, type Outcome, table } from '../../terminal.ts';

/** `map import FILE`: keeps the vendor's Modbus map for meters of one firmware, and says what was understood and what was not. */
export async function mapImport(
  context: CommandContext,
  file: string,
  { firmware }: { readonly firmware: FirmwareVersion },
): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const imported = await importMap(house.value, file, firmware);
  if (!imported.ok) return failedOutcome(imported.problem);
  const { map, notUnderstood, conflicts } = imported.value;
  const document = {
    firmware: formatFirmware(firmware),
    fileName: map.fileName,
    sha256: map.sha256,
    provenance: map.provenance,
    rows: map.rows.length,
    writable: map.rows.filter(({ writable }) => writable).length,
    notUnderstood,
    conflicts,
  };
  const lines = [
    `${map.fileName}: ${map.rows.length} rows for firmware ${document.firmware}, ${document.writable} of them writable (${map.provenance})`,
    `SHA-256 ${map.sha256}`,
    ...notUnderstood.slice(0, 20).map(({ sheet, row, because }) => `Not understood: ${sheet}, row ${row}: ${because}`),
    ...(notUnderstood.length > 20 ? [`… and ${notUnderstood.length - 20} more (--json lists all)`] : []),
    ...conflicts.map(({ because }) => `Conflict: ${because}`),
  ];
  return { exit: EXIT.done, document, lines };
}

/** `map show`: which row of the map stands for which setting, and who confirmed it. */
export async function mapShow(
  context: CommandContext,
  { firmware }: { readonly firmware: FirmwareVersion },
): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const state = await mapState(house.value, firmware);
  if (!state.ok) return failedOutcome(state.problem);
  const areas = state.value.areas.map(({ area, confirmed, bound }) => ({ area, confirmed, rows: bound }));
  const lines = areas.flatMap(({ area, confirmed, rows }) => [
    `${area}: ${rows.length} rows, ${confirmed === null ? 'not confirmed' : `confirmed ${JSON.stringify(confirmed)}`}`,
    ...(area === 'recorders'
      ? []
      : table(
          ['Setting', 'Row', 'Register', 'Writable'],
          rows.map(({ name, row, register, writable }) => [name, row, String(register), writable ? 'yes' : 'no']),
        )),
  ]);
  return { exit: EXIT.done, document: { firmware: formatFirmware(firmware), areas }, lines };
}
