import type { FirmwarePackage, PackageMember } from '../../../electron/firmware/types.ts';
import type { GateFacts } from '../../../electron/upgrade/gates/facts.ts';
import { evaluateGates } from '../../../electron/upgrade/gates/index.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { Gate, GateId } from '../../../shared/domain/gate.ts';
import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import { ionSetupVersion } from '../../../shared/domain/ion-setup-version.ts';
import { ok } from '../../../shared/domain/problem.ts';

export const IDENTITY: MeterIdentity = {
  name: 'Feeder 7',
  model: 'ION7400',
  serial: 'MW-1804A123-02',
  firmware: firmwareVersion('4.0.0'),
  productId: 18_000,
  commercialReference: null,
  manufacturer: 'Schneider Electric',
  featureSet: 'standard',
  simulated: false,
};

/** A package whose `image` gives the first member of a role, as the reader of packages does. */
export function firmwarePackage(changes: Partial<Omit<FirmwarePackage, 'image'>> = {}): FirmwarePackage {
  const members: readonly PackageMember[] = changes.members ?? [
    { path: 'ION7400_V004.006.000.upx', role: 'main-image', size: 9, sha256: 'ab'.repeat(32), listed: 'matches' },
    { path: 'OptionModule.upx', role: 'option-module-image', size: 9, sha256: 'cd'.repeat(32), listed: 'matches' },
    { path: 'ION7400_V004.006.000.dcf', role: 'template', size: 9, sha256: 'ef'.repeat(32), listed: 'matches' },
  ];
  return {
    file: 'package.zip',
    format: 'zip',
    sha256: '00'.repeat(32),
    targetVersion: firmwareVersion('4.6.0'),
    targetVersionFrom: 'file name',
    model: 'ION7400',
    minimumStart: null,
    minimumIonSetup: ionSetupVersion('3.2.25037.01'),
    signature: 'meter-checks-it',
    simulated: false,
    siteMap: null,
    problems: [],
    ...changes,
    members,
    image(role) {
      const member = members.find((one) => one.role === role);
      return member && { member, source: { size: member.size, read: async () => new Uint8Array() } };
    },
  };
}

/** A real meter on 4.0.0 with everything in order: only what no tool can know stays open. */
export function gateFacts(changes: Partial<GateFacts> = {}): GateFacts {
  return {
    identity: IDENTITY,
    package: ok(firmwarePackage()),
    target: 'main',
    channel: 'ion-setup',
    folder: null,
    release: {
      minimumStart: null,
      minimumIonSetup: ionSetupVersion('3.2.25037.01'),
      ionSetupIs: 'required',
      irreversible: true,
    },
    revenueLock: 'unlocked',
    connections: { used: 2, of: 8 },
    defaultPasswords: 0,
    clock: {
      meterUtc: '2025-06-01T12:00:01.000Z',
      pcUtc: '2025-06-01T12:00:00.000Z',
      offsetSeconds: 1,
      uncertaintySeconds: 0.5,
      source: 'date-time-registers',
      because: 'Read from the date and time registers.',
    },
    backup: { counts: true, because: 'Verified 5 minutes ago.', fix: '', bag: '/bags/1' },
    ionSetup: { kind: 'found', path: 'C:\\ION Setup.exe', version: ionSetupVersion('3.2.25037.01'), how: 'registry' },
    power: { onBattery: false, batteryPercent: 90 },
    freeBytes: 50_000_000_000,
    neededBytes: 1_000_000_000,
    keepAwakeAvailable: true,
    ...changes,
  };
}

/** The answer of one gate. */
export function gateOf(id: GateId, facts: GateFacts): Gate {
  const gate = evaluateGates(facts).find((one) => one.id === id);
  if (gate === undefined) throw new Error(`There is no gate ${id}.`);
  return gate;
}
