import type { PackageView, Reading, ValueView } from '../../shared/contract/views.ts';
import { formatIonSetup } from '../../shared/domain/ion-setup-version.ts';
import type { FirmwarePackage } from '../firmware/types.ts';
import { describeValue } from '../meter/describe.ts';
import type { RegisterSnapshot, RegisterValue } from '../meter/types.ts';

/** A snapshot as the page and the terminal see it. */
export function readingOf(snapshot: RegisterSnapshot): Reading {
  return {
    startedAt: snapshot.startedAt,
    endedAt: snapshot.endedAt,
    values: snapshot.values.map(valueView),
    unread: snapshot.unread.map(({ row, because }) => ({ id: row.id, register: row.register, because })),
  };
}

function valueView(read: RegisterValue): ValueView {
  const { row, value, unavailable } = read;
  return {
    id: row.id,
    register: row.register,
    type: row.type,
    label: row.label,
    group: row.group,
    value: typeof value === 'bigint' ? value.toString() : value,
    unavailable,
    unit: row.unit,
    text: describeValue(read),
    provenance: row.provenance,
  };
}

/** A package without its bytes. */
export function packageViewOf(found: FirmwarePackage): PackageView {
  return {
    file: found.file,
    format: found.format,
    sha256: found.sha256,
    members: found.members.map(({ path, role, size, sha256, listed }) => ({ path, role, size, sha256, listed })),
    targetVersion: found.targetVersion,
    targetVersionFrom: found.targetVersionFrom,
    model: found.model,
    minimumIonSetup: found.minimumIonSetup === null ? null : formatIonSetup(found.minimumIonSetup),
    signature: found.signature,
    simulated: found.simulated,
    problems: [...found.problems],
  };
}
