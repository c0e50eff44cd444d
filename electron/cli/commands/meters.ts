import type { Identification, Reading } from '../../../shared/contract/views.ts';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import type { RegisterGroup } from '../../meter/types.ts';
import { identifyMeter, readValues } from '../../services/meters.ts';
import { accessFor, type CommandContext, houseFor } from '../context.ts';
import { EXIT, failedOutcome, type Outcome, table } from '../terminal.ts';

/** `identify HOST` */
export async function identify(context: CommandContext, host: string): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const access = await accessFor(host, context.options, false);
  const found = await identifyMeter(house.value, access, context.signal);
  if (!found.ok) return failedOutcome(found.problem);
  return { exit: EXIT.done, document: identificationDocument(found.value), lines: identificationLines(found.value) };
}

/** `read HOST` */
export async function read(
  context: CommandContext,
  host: string,
  options: { readonly group: RegisterGroup | 'all' },
): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const access = await accessFor(host, context.options, false);
  const found = await readValues(house.value, access, options.group, context.signal);
  if (!found.ok) return failedOutcome(found.problem);
  return { exit: EXIT.done, document: readingDocument(found.value), lines: readingLines(found.value) };
}

/** Identity as other programs read it: the version as text. */
export function identityDocument(identity: MeterIdentity): Record<string, unknown> {
  return { ...identity, firmware: identity.firmware === null ? null : formatFirmware(identity.firmware) };
}

function identificationDocument(found: Identification): unknown {
  const { meterUtc, offsetSeconds, uncertaintySeconds, source } = found.clock;
  return {
    identity: identityDocument(found.identity),
    clock: { meterUtc, offsetSeconds, uncertaintySeconds, source },
    capabilities: found.capabilities,
    advisories: found.advisories,
  };
}

function identificationLines(found: Identification): readonly string[] {
  const { identity, clock } = found;
  const offset = clock.offsetSeconds === null ? clock.because : `${clock.offsetSeconds.toFixed(1)} s against this PC`;
  return [
    `Meter      ${identity.name ?? 'name not readable'}${identity.simulated ? '  SIMULATED' : ''}`,
    `Model      ${identity.model ?? 'not readable'}  (feature set ${identity.featureSet})`,
    `Serial     ${identity.serial ?? 'not readable'}`,
    `Firmware   ${identity.firmware === null ? 'not readable' : formatFirmware(identity.firmware)}`,
    `Reference  ${identity.commercialReference ?? 'not given (only meters shipped with 4.6.0 or later have it)'}`,
    `Clock      ${offset}`,
    '',
    ...table(
      ['Protocol', 'State', 'Because'],
      found.capabilities.map(({ id, state, because }) => [id, state, because]),
    ),
    ...(found.advisories.length === 0 ? [] : ['']),
    ...found.advisories.map(({ id, title, advice }) => `${id}: ${title}. ${advice}`),
  ];
}

function readingDocument(found: Reading): unknown {
  return {
    startedAt: found.startedAt,
    endedAt: found.endedAt,
    values: found.values.map(({ id, register, type, value, unavailable, unit, provenance, label }) => ({
      id,
      register,
      type,
      value: unavailable ? 'unavailable' : value,
      unit,
      provenance,
      label,
    })),
    unread: found.unread,
  };
}

function readingLines(found: Reading): readonly string[] {
  return [
    ...table(
      ['Register', 'Value', 'Label'],
      found.values.map(({ register, text, label }) => [String(register), text, label]),
    ),
    ...found.unread.map(({ id, because }) => `Not read: ${id}: ${because}`),
  ];
}
