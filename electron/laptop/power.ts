import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemProgram } from './ion-setup.ts';
import type { Run } from './run.ts';
import type { PowerState } from './types.ts';

const TIMEOUT_MS = 15_000;
const UNKNOWN: PowerState = { onBattery: null, batteryPercent: null };
const NO_BATTERY: PowerState = { onBattery: false, batteryPercent: null };
/** More entries than any PC has. */
const MAX_SUPPLIES = 32;

/** One folder of /sys/class/power_supply: file name to content. */
export type PowerSupply = Readonly<Record<string, string>>;

/** One line of JSON per PC: an object, an array, or nothing at all when there is no battery. */
const BATTERY_SCRIPT =
  "$ErrorActionPreference = 'Stop'; @(Get-CimInstance -ClassName Win32_Battery | Select-Object -Property BatteryStatus, EstimatedChargeRemaining) | ConvertTo-Json -Compress";

/** What this PC says about its battery; `unknown` in both fields where it does not say. */
export async function readPower(pc: {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly run: Run;
  readonly powerSupplies: () => Promise<readonly PowerSupply[] | null>;
}): Promise<PowerState> {
  if (pc.platform === 'win32') {
    const powerShell = powerShellPath(pc.environment);
    const args = ['-NoProfile', '-NonInteractive', '-NoLogo', '-Command', BATTERY_SCRIPT];
    const output = await pc.run(powerShell, args, { timeoutMs: TIMEOUT_MS });
    return output.code === 0 ? parseWindowsBattery(output.stdout) : UNKNOWN;
  }
  if (pc.platform === 'darwin') {
    const output = await pc.run('/usr/bin/pmset', ['-g', 'batt'], { timeoutMs: TIMEOUT_MS });
    return output.code === 0 ? parsePmset(output.stdout) : UNKNOWN;
  }
  const supplies = await pc.powerSupplies();
  return supplies === null ? UNKNOWN : parsePowerSupplies(supplies);
}

/** Full path of Windows PowerShell 5.1, which every supported Windows has. */
export function powerShellPath(environment: Readonly<Record<string, string | undefined>>): string {
  return systemProgram(environment, 'WindowsPowerShell', 'v1.0', 'powershell.exe');
}

/**
 * Win32_Battery as JSON. BatteryStatus 1, 4 and 5 (discharging, low, critical) mean battery; 2, 3, 6 to 9 and 11 mean mains; 10 is
 * undefined. Source: Microsoft, "Win32_Battery class". No output at all is a PC without a battery.
 */
export function parseWindowsBattery(stdout: string): PowerState {
  const text = stdout.replace(/^\uFEFF/, '').trim();
  if (text === '') return NO_BATTERY;
  const batteries = batteriesOf(text);
  if (batteries === null) return UNKNOWN;
  if (batteries.length === 0) return NO_BATTERY;
  const states = batteries.map((battery) => onBatteryByStatus(battery['BatteryStatus']));
  return {
    onBattery: states.includes(true) ? true : states.includes(false) ? false : null,
    batteryPercent: mean(batteries.map((battery) => percent(battery['EstimatedChargeRemaining']))),
  };
}

function batteriesOf(json: string): readonly Readonly<Record<string, unknown>>[] | null {
  try {
    const parsed: unknown = JSON.parse(json);
    const list: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
    return list.filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null);
  } catch {
    // Not JSON: an error text of PowerShell. The state is unknown, and says so.
    return null;
  }
}

function onBatteryByStatus(status: unknown): boolean | null {
  if (status === 1 || status === 4 || status === 5) return true;
  return typeof status === 'number' && [2, 3, 6, 7, 8, 9, 11].includes(status) ? false : null;
}

/** `pmset -g batt` of macOS: the source in quotes on the first line, then one line with a percentage per battery. */
export function parsePmset(stdout: string): PowerState {
  const source = /drawing from '([^']{1,40})'/.exec(stdout)?.[1];
  if (source === undefined) return UNKNOWN;
  const charges = stdout
    .split('\n')
    .filter((line) => line.includes('InternalBattery'))
    .map((line) => percent(Number(/\t\s*(\d{1,3})%/.exec(line)?.[1] ?? Number.NaN)));
  return { onBattery: source !== 'AC Power', batteryPercent: mean(charges) };
}

/**
 * The folders of /sys/class/power_supply. Batteries of mice and headsets (scope Device) do not count. Mains or USB-C that is online
 * means that the PC is not on battery. Source: Linux, Documentation/ABI/testing/sysfs-class-power.
 */
export function parsePowerSupplies(supplies: readonly PowerSupply[]): PowerState {
  const own = supplies.filter((supply) => supply['scope']?.trim() !== 'Device');
  const batteries = own.filter((supply) => supply['type']?.trim() === 'Battery');
  if (batteries.length === 0) return NO_BATTERY;
  const outlets = own.filter((supply) => ['Mains', 'USB', 'Wireless'].includes(supply['type']?.trim() ?? ''));
  const statuses = batteries.map((battery) => battery['status']?.trim() ?? '');
  return {
    onBattery: outlets.some((outlet) => outlet['online']?.trim() === '1') ? false : dischargingBy(statuses),
    batteryPercent: mean(batteries.map((battery) => percent(Number(battery['capacity']?.trim() || Number.NaN)))),
  };
}

function dischargingBy(statuses: readonly string[]): boolean | null {
  if (statuses.includes('Discharging')) return true;
  return statuses.some((status) => ['Charging', 'Full', 'Not charging'].includes(status)) ? false : null;
}

function percent(value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return null;
  // Old batteries report a little over 100.
  return value > 120 ? null : Math.min(Math.round(value), 100);
}

/** Laptops with two batteries empty one first; the mean of both is what is left. */
function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null);
  return known.length === 0 ? null : Math.round(known.reduce((sum, value) => sum + value, 0) / known.length);
}

/** Reads /sys/class/power_supply, or null where there is none. */
export async function readPowerSupplies(folder = '/sys/class/power_supply'): Promise<readonly PowerSupply[] | null> {
  try {
    const names = (await readdir(folder)).slice(0, MAX_SUPPLIES);
    return await Promise.all(names.map((name) => readSupply(join(folder, name))));
  } catch {
    // No such folder on this system: the caller reports that the power state is unknown.
    return null;
  }
}

async function readSupply(folder: string): Promise<PowerSupply> {
  const entries = ['type', 'scope', 'online', 'status', 'capacity'].map(async (name): Promise<[string, string]> => {
    try {
      return [name, await readFile(join(folder, name), 'utf8')];
    } catch {
      // Each kind of supply has only some of the files; a battery that is being taken out answers with an error.
      return [name, ''];
    }
  });
  return Object.fromEntries(await Promise.all(entries));
}
