import type { Gate, GateId } from '../../../shared/domain/gate.ts';
import type { UpgradeTarget } from '../../../shared/domain/job.ts';
import type { FirmwarePackage } from '../../firmware/types.ts';
import type { GateFacts } from './facts.ts';

/** Nothing to do. */
export function pass(id: GateId, because: string): Gate {
  return { id, verdict: 'pass', because, fix: '' };
}

/** Stops the work; no reason overrides it. */
export function block(id: GateId, because: string, fix: string): Gate {
  return { id, verdict: 'block', because, fix };
}

/** Stops the work until a person gives a reason, or types `confirm` where it is given. */
export function warn(id: GateId, because: string, fix: string, confirm?: string): Gate {
  return { id, verdict: 'warn', because, fix, ...(confirm === undefined ? {} : { confirm }) };
}

/** As {@link warn}, for what this tool cannot find out. */
export function unknown(id: GateId, because: string, fix: string, confirm?: string): Gate {
  return { id, verdict: 'unknown', because, fix, ...(confirm === undefined ? {} : { confirm }) };
}

const TARGET_NAMES: Readonly<Record<UpgradeTarget, string>> = {
  main: 'main firmware',
  'option-module': 'firmware of an option module',
  'remote-display': 'firmware of the remote display',
  'web-pages': 'web page',
  cid: 'IEC 61850 configuration (CID)',
};

/** What is sent, in words. */
export function targetName(target: UpgradeTarget): string {
  return TARGET_NAMES[target];
}

/** {@link targetName} with its article, for the middle of a sentence. */
export function aTarget(target: UpgradeTarget): string {
  return `${target === 'cid' ? 'an' : 'a'} ${targetName(target)}`;
}

/** A pass for gates that only the main firmware has to go through; undefined for the main firmware. */
export function passUnlessMain(id: GateId, facts: Pick<GateFacts, 'target'>): Gate | undefined {
  if (facts.target === 'main') return undefined;
  return pass(id, `This check is for the main firmware; what is sent is ${aTarget(facts.target)}.`);
}

const IMAGE_ROLES = {
  main: 'main-image',
  'option-module': 'option-module-image',
  'remote-display': 'remote-display-image',
} as const;

/** The member of the package that would be sent, if there is one. */
export function imageOf(facts: Pick<GateFacts, 'target'>, firmware: FirmwarePackage) {
  const { target } = facts;
  return isPlainFile(target) ? undefined : firmware.image(IMAGE_ROLES[target])?.member;
}

/** The package that this upgrade is about; null when it cannot be read, or for plain files, which come without one. */
export function packageOf(facts: Pick<GateFacts, 'target' | 'package'>): FirmwarePackage | null {
  return isPlainFile(facts.target) || facts.package?.ok !== true ? null : facts.package.value;
}

/** The answer of every gate that needs the package where {@link packageOf} gives none. */
export function withoutPackage(id: GateId, facts: Pick<GateFacts, 'target' | 'package'>): Gate {
  if (isPlainFile(facts.target))
    return pass(id, `There is no firmware package to check: what is sent is ${aTarget(facts.target)}.`);
  return unknown(id, 'The package cannot be read, so this cannot be checked.', 'Choose a package that can be read.');
}

function isPlainFile(target: UpgradeTarget): target is 'web-pages' | 'cid' {
  return target === 'web-pages' || target === 'cid';
}

/** Text from a meter, a package or a person as part of a sentence: one line, nothing that reorders or hides text, bounded. */
export function shown(text: string, max = 120): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, ' ').trim();
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}

/** As {@link shown}, or `otherwise` when nothing visible is left. */
export function shownOr(text: string, otherwise: string, max = 300): string {
  const line = shown(text, max);
  return line === '' ? otherwise : line;
}

/** A serial number that can be typed exactly as it stands, or null. */
export function typableSerial(facts: Pick<GateFacts, 'identity'>): string | null {
  const serial = facts.identity.serial?.trim() ?? '';
  return /^[!-~](?:[ -~]{0,38}[!-~])?$/.test(serial) ? serial : null;
}
