import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLaptop } from '../../../electron/laptop/index.ts';
import { parsePmset, parsePowerSupplies, parseWindowsBattery } from '../../../electron/laptop/power.ts';

describe('Win32_Battery', () => {
  it.each([
    ['', false, null],
    ['\uFEFF\r\n', false, null],
    ['[]', false, null],
    ['{"BatteryStatus":1,"EstimatedChargeRemaining":29}\r\n', true, 29],
    ['{"BatteryStatus":2,"EstimatedChargeRemaining":97}', false, 97],
    ['{"BatteryStatus":5,"EstimatedChargeRemaining":3}', true, 3],
    ['{"BatteryStatus":6,"EstimatedChargeRemaining":103}', false, 100],
    ['{"BatteryStatus":10,"EstimatedChargeRemaining":null}', null, null],
    [
      '[{"BatteryStatus":2,"EstimatedChargeRemaining":100},{"BatteryStatus":1,"EstimatedChargeRemaining":10}]',
      true,
      55,
    ],
    ['Get-CimInstance : Access denied', null, null],
    ['null', false, null],
  ])('reads %j', (stdout, onBattery, batteryPercent) => {
    expect(parseWindowsBattery(stdout)).toEqual({ onBattery, batteryPercent });
  });
});

describe('pmset -g batt', () => {
  it.each([
    [
      "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=4522083)\t28%; discharging; 1:07 remaining present: true\n",
      true,
      28,
    ],
    [
      "Now drawing from 'AC Power'\n -InternalBattery-0 (id=4522083)\t100%; charged; 0:00 remaining present: true\n",
      false,
      100,
    ],
    ["Now drawing from 'AC Power'\n", false, null],
    [
      "Now drawing from 'UPS Power'\n -Back-UPS ES 700 (id=1)\t91%; discharging; 0:51 remaining present: true\n",
      true,
      null,
    ],
    ['', null, null],
  ])('reads %j', (stdout, onBattery, batteryPercent) => {
    expect(parsePmset(stdout)).toEqual({ onBattery, batteryPercent });
  });
});

describe('/sys/class/power_supply', () => {
  const battery = { type: 'Battery\n', status: 'Discharging\n', capacity: '29\n' };
  it.each([
    [[], false, null],
    [[{ type: 'Mains\n', online: '1\n' }], false, null],
    [[battery, { type: 'Mains\n', online: '0\n' }], true, 29],
    [[battery, { type: 'Mains\n', online: '1\n' }], false, 29],
    [[battery, { type: 'USB\n', online: '1\n' }], false, 29],
    [[{ ...battery, scope: 'Device\n' }], false, null],
    [[{ type: 'Battery\n', status: 'Unknown\n', capacity: '' }], null, null],
    [[{ type: 'Battery\n', status: 'Not charging\n', capacity: '80\n' }], false, 80],
    [[battery, { type: 'Battery\n', status: 'Unknown\n', capacity: '100\n' }], true, 65],
  ])('reads %j', (supplies, onBattery, batteryPercent) => {
    expect(parsePowerSupplies(supplies)).toEqual({ onBattery, batteryPercent });
  });
});

describe('any output', () => {
  it('gives a percentage of 0..100 or null, and never throws', () => {
    const text = fc.oneof(fc.string(), fc.json());
    fc.assert(
      fc.property(
        text,
        fc.array(fc.dictionary(fc.constantFrom('type', 'status', 'capacity', 'online'), text)),
        (one, many) => {
          for (const state of [parseWindowsBattery(one), parsePmset(one), parsePowerSupplies(many)]) {
            const charge = state.batteryPercent;
            expect(charge === null || (Number.isInteger(charge) && charge >= 0 && charge <= 100)).toBe(true);
          }
        },
      ),
    );
  });
});

describe('power()', () => {
  const failing = async () => ({ code: null, stdout: '', stderr: 'not found' });

  it.each(['win32', 'darwin'] as const)('says that it does not know when the command of %s fails', async (platform) => {
    const laptop = createLaptop({ platform, environment: {}, run: failing });
    expect(await laptop.power()).toEqual({ onBattery: null, batteryPercent: null });
  });

  it('says that it does not know on a system without /sys', async () => {
    const laptop = createLaptop({ platform: 'linux', powerSupplies: async () => null });
    expect(await laptop.power()).toEqual({ onBattery: null, batteryPercent: null });
  });

  it('asks Windows PowerShell by its full path and without a profile', async () => {
    const calls: string[][] = [];
    const laptop = createLaptop({
      platform: 'win32',
      environment: { SystemRoot: 'C:\\Windows' },
      run: async (command, args) => {
        calls.push([command, ...args]);
        return { code: 0, stdout: '{"BatteryStatus":1,"EstimatedChargeRemaining":12}', stderr: '' };
      },
    });
    expect(await laptop.power()).toEqual({ onBattery: true, batteryPercent: 12 });
    expect(calls[0]?.slice(0, 2)).toEqual([
      'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
      '-NoProfile',
    ]);
  });
});
