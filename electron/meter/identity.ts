import type { FeatureSet } from '../../shared/domain/feature-set.ts';
import { atLeast, firmwareVersion, parseFirmwareVersion } from '../../shared/domain/firmware-version.ts';
import type { MeterIdentity } from '../../shared/domain/identity.ts';
import { fail, ok, type Result } from '../../shared/domain/problem.ts';
import type { ModbusClient } from '../protocols/modbus/types.ts';
import type { MeterProfile } from './profile.ts';
import { readRows } from './snapshot.ts';
import type { RegisterValue } from './types.ts';

/** ProductCode. Modbus Application Protocol 1.1b3, 6.21. */
const PRODUCT_CODE = 0x01;
/** First firmware that gives a commercial reference; the newest firmware is never older than the one a meter was shipped with. */
const REFERENCE_SINCE = firmwareVersion('4.6.0');
const FEATURE_SET_CODES: Readonly<Record<number, FeatureSet>> = { 1: 'essential', 2: 'standard', 3: 'advanced' };
/** What only meters that call themselves simulated have; everything else is read before that is known. */
const SIMULATED_SIGN = /\bSIMULATED\b/;

/**
 * Reads who the meter is from its registers, without the commercial reference (see {@link readReference}). What is not mapped or not
 * understood is null. `meter/not-recognised` when the meter answers and nothing at all can be read; the problem of the
 * connection when it does not answer. A model other than the one of the profile is no failure here: the gates decide.
 */
export async function readIdentity(
  client: ModbusClient,
  profile: MeterProfile,
  signal: AbortSignal,
): Promise<Result<MeterIdentity>> {
  const rows = profile.rowsOf('identity');
  const read = await readRows(client, rows, { simulated: false }, signal);
  const found = new Map(read.values.filter(({ unavailable }) => !unavailable).map((value) => [value.row.id, value]));
  const text = (id: string): string | null => textOf(found.get(id));
  const modelText = text('meter-model');
  const firmware = text('firmware-version');
  const parsed = firmware === null ? undefined : parseFirmwareVersion(firmware);
  const known = {
    name: text('meter-name'),
    model: modelText?.split(/\s+/)[0] ?? null,
    serial: text('serial-number'),
    firmware: parsed?.ok ? parsed.value : null,
    // Zero is what a device that is no meter of this platform gives for a register it does not use.
    productId: numberOf(found.get('product-id')) || null,
    manufacturer: text('manufacturer'),
  };
  // A connection that failed half-way must not leave a meter without a serial number: what it has is not known then.
  if (read.trouble !== undefined) return { ok: false, problem: read.trouble };
  if (Object.values(known).every((value) => value === null)) return notRecognised(client.endpoint, firmware);
  const simulated = modelText !== null && SIMULATED_SIGN.test(modelText);
  const featureSet = simulated ? await readFeatureSet(client, profile, signal) : 'unknown';
  return ok({ ...known, commercialReference: null, featureSet, simulated });
}

/** Whether asking for the commercial reference can be worth a time-out; see {@link readReference}. */
export function mayHaveReference({ firmware }: Pick<MeterIdentity, 'firmware'>): boolean {
  return firmware === null || atLeast(firmware, REFERENCE_SINCE);
}

/**
 * The commercial reference, object 0x01 of function code 43, as the meter gives it. Shipped with 4.6.0 or later only: a meter that was upgraded
 * to 4.6.0 does not have it. Source: release notes 7EN12-0483-00.
 */
export function readReference(client: ModbusClient, signal: AbortSignal): Promise<Result<string>> {
  return client.readIdentification(PRODUCT_CODE, signal);
}

/** Older documents give the numeric product id in this object; that is no commercial reference. Neither is an empty text. */
export function referenceOf(answer: Result<string>): string | null {
  if (!answer.ok || /^\d*$/.test(answer.value.trim())) return null;
  return answer.value.trim();
}

/** The text of a value, or null when it has none. */
function textOf(value: RegisterValue | undefined): string | null {
  return typeof value?.value === 'string' && !value.unavailable && value.value !== '' ? value.value : null;
}

/** The number of a value, or null when it has none. */
export function numberOf(value: RegisterValue | undefined): number | null {
  return typeof value?.value === 'number' ? value.value : null;
}

async function readFeatureSet(client: ModbusClient, profile: MeterProfile, signal: AbortSignal): Promise<FeatureSet> {
  const row = profile.registerById('feature-set');
  if (row === undefined) return 'unknown';
  const { values } = await readRows(client, [row], { simulated: true }, signal);
  return FEATURE_SET_CODES[numberOf(values[0]) ?? 0] ?? 'unknown';
}

function notRecognised(endpoint: string, firmwareText: string | null) {
  return fail({
    code: 'meter/not-recognised',
    title: 'This is not recognised as a meter of this platform',
    because: `${endpoint} answers Modbus, but not one of its identity registers can be read${
      firmwareText === null ? '' : ' or understood'
    }.`,
    nextStep:
      'Check the address and the unit id (255 is the meter itself). On an ION7400 the Modbus map may have been switched off or replaced: read its identity with ION Setup.',
    details: { endpoint },
  });
}
