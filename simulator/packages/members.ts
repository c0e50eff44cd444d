import { createHash } from 'node:crypto';
import {
  type FirmwareVersion,
  firmwareVersion,
  formatFirmware,
  formatFirmwareLong,
} from '../../shared/domain/firmware-version.ts';
import { buildSimulatedImage, type ImageKind } from '../upgrade/image.ts';
import { incompressibleBytes } from './payload.ts';
import type { NewMember } from './zip.ts';

/** What a simulated package is made of; two calls with equal recipes give equal bytes. */
export interface Recipe {
  readonly model: string;
  readonly version: FirmwareVersion;
  readonly minimumStart: FirmwareVersion;
  /** Size of the payload of the main image, in bytes. */
  readonly payloadSize: number;
  readonly sign: boolean;
  /** Oldest ION Setup that the texts ask for. */
  readonly ionSetup: string;
}

/** Payloads of the small images, in bytes. */
const SMALL_PAYLOAD = 64 * 1024;
const OPTION_MODULE_VERSION = firmwareVersion('1.2.0');
const REMOTE_DISPLAY_VERSION = firmwareVersion('1.1.0');
/** Option modules and remote displays do not mind what firmware the meter has. */
const ANY_START = firmwareVersion('0.0.0');

/** The main image, "ION7400_V004.006.000.upx". */
function mainImage(recipe: Recipe, stem: string): NewMember {
  const { model, version, minimumStart, payloadSize, sign } = recipe;
  const payload = incompressibleBytes(payloadSize, `${model} ${formatFirmwareLong(version)} main`);
  const content = buildSimulatedImage({ model, version, minimumStart, kind: 'main', payload, sign });
  return { name: `${stem}.upx`, content, compress: false };
}

/** All members of a package but its hash list, the main image first. */
export function packageMembers(recipe: Recipe, workbook: Buffer): readonly [NewMember, ...NewMember[]] {
  const stem = `${recipe.model}_V${formatFirmwareLong(recipe.version)}`;
  return [
    mainImage(recipe, stem),
    { name: `${stem}.dcf`, content: incompressibleBytes(4096, `${stem} template`), compress: false },
    { name: `Whats_new_${stem}.txt`, content: Buffer.from(whatsNew(recipe), 'utf8') },
    { name: `${recipe.model}_Modbus_Map.xlsx`, content: workbook, compress: false },
    smallImage('OptionModule', 'option-module', OPTION_MODULE_VERSION, recipe),
    smallImage('RemoteDisplay', 'remote-display', REMOTE_DISPLAY_VERSION, recipe),
  ];
}

/** The members and their hash list, in the form of sha256sum; `wrong` names a member whose hash is spoiled on purpose. */
export function withHashList(recipe: Recipe, members: readonly NewMember[], wrong?: string): readonly NewMember[] {
  const lines = members.map(({ name, content }) => {
    const hash = createHash('sha256').update(content).digest('hex');
    const written = name === wrong ? `${hash.startsWith('0') ? '1' : '0'}${hash.slice(1)}` : hash;
    return `${written}  ${name}\n`;
  });
  const name = `${recipe.model}_V${formatFirmwareLong(recipe.version)}_hashes.txt`;
  return [...members, { name, content: Buffer.from(lines.join(''), 'utf8') }];
}

function smallImage(name: string, kind: ImageKind, version: FirmwareVersion, { model, sign }: Recipe): NewMember {
  const payload = incompressibleBytes(SMALL_PAYLOAD, `${name} ${formatFirmwareLong(version)}`);
  const content = buildSimulatedImage({ model, version, minimumStart: ANY_START, kind, payload, sign });
  return { name: `${name}_V${formatFirmwareLong(version)}.upx`, content, compress: false };
}

function whatsNew({ model, version, ionSetup }: Recipe): string {
  return [
    `PowerLogic ${model} firmware version ${formatFirmware(version)} (V${formatFirmwareLong(version)}) - SIMULATED`,
    '',
    'This package is SIMULATED. It is for simulated meters and no real meter takes it.',
    '',
    'Before upgrading',
    '- Back up all meter data.',
    `- Install ION Setup v${ionSetup} or higher.`,
    '',
  ].join('\r\n');
}
