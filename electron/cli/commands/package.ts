import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import { readFirmwarePackage } from '../../firmware/package.ts';
import { packageViewOf } from '../../services/views.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, failedOutcome, type Outcome, problemLines, table } from '../terminal.ts';

/** `package inspect FILE`: exit 0 when the file could be read, whatever is wrong with it; the gates judge. */
export async function inspect(context: CommandContext, file: string): Promise<Outcome> {
  const found = await readFirmwarePackage(file, { signal: context.signal });
  if (!found.ok) return failedOutcome(found.problem);
  const view = packageViewOf(found.value);
  const { members, targetVersion, model, minimumIonSetup, signature, problems, ...rest } = view;
  const version = targetVersion === null ? null : formatFirmware(targetVersion);
  return {
    exit: EXIT.done,
    document: { members, targetVersion: version, model, minimumIonSetup, signature, problems, ...rest },
    lines: [
      `Brings     ${version ?? 'unknown version'} for ${model ?? 'an unknown model'}${view.simulated ? '  SIMULATED' : ''}`,
      `ION Setup  ${minimumIonSetup ?? 'no minimum found'}`,
      `Signature  ${signature}`,
      `SHA-256    ${view.sha256}`,
      '',
      ...table(
        ['Member', 'Role', 'Bytes', 'Listed', 'SHA-256'],
        members.map(({ path, role, size, listed, sha256 }) => [path, role, String(size), listed, sha256]),
      ),
      ...(problems.length === 0 ? [] : ['']),
      ...problems.flatMap(problemLines),
    ],
  };
}
