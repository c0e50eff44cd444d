import { compareFirmware, type FirmwareVersion, formatFirmware } from '../../shared/domain/firmware-version.ts';
import type { Finding } from '../../shared/domain/verdict.ts';
import type { SnapshotValue, UpgradeSnapshot } from './snapshot.ts';

/** An upgrade may take hours, and a clock drifts; a jump is more than this many seconds plus what both readings leave open. */
const CLOCK_JUMP_SECONDS = 5;

/** Rows that a firmware upgrade changes on purpose. */
const EXPECTED_TO_CHANGE: ReadonlySet<string> = new Set(['firmware-version', 'connections-used']);

/**
 * Compares what was read before with what was read after an upgrade. Pure; every sentence says how much was compared and what could not be
 * read, because "no difference" over nothing is worth nothing.
 *
 * @param target version that the meter should run now; null when the plan does not know it
 */
export function compareSnapshots(
  before: UpgradeSnapshot,
  after: UpgradeSnapshot,
  target: FirmwareVersion | null,
): readonly Finding[] {
  return [
    firmwareFinding(before, after, target),
    textFinding('serial', 'serial number', before.identity.serial, after.identity.serial),
    textFinding('model', 'model', before.identity.model, after.identity.model),
    energyFinding(before, after),
    clockFinding(before, after),
    settingsFinding(before, after),
  ];
}

function firmwareFinding(before: UpgradeSnapshot, after: UpgradeSnapshot, target: FirmwareVersion | null): Finding {
  const found = after.identity.firmware;
  const shared = { id: 'firmware', before: version(before.identity.firmware), after: version(found) };
  if (found === null) return { ...shared, verdict: 'unknown', because: 'The firmware version could not be read.' };
  if (target === null) {
    return { ...shared, verdict: 'unknown', because: 'The package does not say which version it brings.' };
  }
  return compareFirmware(found, target) === 0
    ? { ...shared, verdict: 'verified', because: `The meter runs ${formatFirmware(target)}, as intended.` }
    : { ...shared, verdict: 'mismatch', because: `The meter should run ${formatFirmware(target)}.` };
}

function textFinding(id: string, name: string, before: string | null, after: string | null): Finding {
  const shared = { id, before: before ?? 'not readable', after: after ?? 'not readable' };
  if (before === null || after === null) {
    return { ...shared, verdict: 'unknown', because: `The ${name} could not be read both times.` };
  }
  return before === after
    ? { ...shared, verdict: 'verified', because: `The ${name} is the same.` }
    : { ...shared, verdict: 'mismatch', because: `The ${name} is another one.` };
}

/** Accumulated energies of 64 bits; none may be smaller than before. Net values (delivered minus received) may go either way. */
function energyFinding(before: UpgradeSnapshot, after: UpgradeSnapshot): Finding {
  const pairs = pair(
    before,
    after,
    (value) => value.group === 'energy' && value.type === 'int64' && !value.id.endsWith('-minus-received'),
  );
  const smaller = pairs.filter(({ was, is }) => is !== undefined && toBigInt(is) < toBigInt(was));
  const unread = pairs.filter(({ is }) => is === undefined);
  const shared = {
    id: 'energies',
    before: `${pairs.length} registers`,
    after: `${pairs.length - unread.length} registers`,
  };
  if (smaller.length > 0) {
    const list = smaller.map(({ was, is }) => `${was.label}: ${was.value} before, ${is?.value} after`).join('; ');
    return { ...shared, verdict: 'mismatch', because: `${smaller.length} of ${pairs.length} became smaller: ${list}.` };
  }
  if (pairs.length === 0 || unread.length > 0) {
    return {
      ...shared,
      verdict: 'unknown',
      because: `${unread.length} of ${pairs.length} could not be read after the upgrade.`,
    };
  }
  return { ...shared, verdict: 'verified', because: `None of ${pairs.length} energies became smaller.` };
}

function clockFinding(before: UpgradeSnapshot, after: UpgradeSnapshot): Finding {
  const was = before.clock.offsetSeconds;
  const is = after.clock.offsetSeconds;
  const shared = { id: 'clock', before: seconds(was), after: seconds(is) };
  if (was === null || is === null) {
    return { ...shared, verdict: 'unknown', because: 'The clock could not be read both times.' };
  }
  const tolerance = CLOCK_JUMP_SECONDS + (before.clock.uncertaintySeconds ?? 0) + (after.clock.uncertaintySeconds ?? 0);
  const moved = Math.abs(is - was);
  return moved <= tolerance
    ? { ...shared, verdict: 'verified', because: `The clock moved by ${moved.toFixed(1)} s against this PC.` }
    : { ...shared, verdict: 'mismatch', because: `The clock jumped by ${moved.toFixed(1)} s against this PC.` };
}

function settingsFinding(before: UpgradeSnapshot, after: UpgradeSnapshot): Finding {
  const pairs = pair(before, after, (value) => value.group !== 'energy' && !EXPECTED_TO_CHANGE.has(value.id));
  const different = pairs.filter(({ was, is }) => is !== undefined && is.value !== was.value);
  const unread = pairs.filter(({ is }) => is === undefined);
  const neverRead = before.unread.length;
  const scope = `${pairs.length - unread.length} settings compared, ${unread.length + neverRead} could not be read; the rest of the configuration is not readable over open protocols`;
  const shared = {
    id: 'settings',
    before: `${pairs.length} settings`,
    after: `${pairs.length - unread.length} settings`,
  };
  if (different.length > 0) {
    const list = different.map(({ was, is }) => `${was.label}: ${was.value} before, ${is?.value} after`).join('; ');
    return { ...shared, verdict: 'mismatch', because: `${scope}. Different: ${list}.` };
  }
  if (pairs.length === 0 || unread.length > 0) return { ...shared, verdict: 'unknown', because: `${scope}.` };
  return { ...shared, verdict: 'verified', because: `${scope}. None differs.` };
}

interface Pair {
  readonly was: SnapshotValue;
  readonly is: SnapshotValue | undefined;
}

/** What was available before, each with its value after; what was not available before promises nothing. */
function pair(
  before: UpgradeSnapshot,
  after: UpgradeSnapshot,
  wanted: (value: SnapshotValue) => boolean,
): readonly Pair[] {
  const now = new Map(after.values.filter((value) => value.value !== null).map((value) => [value.id, value]));
  return before.values
    .filter((value) => value.value !== null && wanted(value))
    .map((was) => ({ was, is: now.get(was.id) }));
}

function toBigInt(value: SnapshotValue): bigint {
  return typeof value.value === 'string' && /^-?\d{1,20}$/.test(value.value) ? BigInt(value.value) : 0n;
}

function version(found: FirmwareVersion | null): string {
  return found === null ? 'not readable' : formatFirmware(found);
}

function seconds(value: number | null): string {
  // What rounds to nothing has no sign.
  return value === null ? 'not readable' : `${value.toFixed(1).replace(/^-(0\.0)$/, '$1')} s`;
}
