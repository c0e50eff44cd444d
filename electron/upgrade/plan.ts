import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import type { GateOverride } from '../../shared/domain/gate.ts';
import type { MeterIdentity } from '../../shared/domain/identity.ts';
import { formatIonSetup } from '../../shared/domain/ion-setup-version.ts';
import type { UpgradeChannel, UpgradeTarget } from '../../shared/domain/job.ts';
import { fail, METER_STATE, ok, type Result } from '../../shared/domain/problem.ts';
import { byteSourceOf } from '../firmware/byte-source.ts';
import type { ImageToSend } from '../firmware/channels/sftp-direct.ts';
import { digestOf } from '../firmware/digest.ts';
import { readFirmwarePackage } from '../firmware/package.ts';
import { readWholeFile } from '../firmware/read-file.ts';
import type { FirmwarePackage } from '../firmware/types.ts';
import { codeOf, diskProblem, writeFileDurably } from '../inventory/durable.ts';
import { makeFolders } from '../inventory/folders.ts';
import type { MeterAddress } from '../meter/types.ts';
import type { UpgradePlan } from './machine.ts';

/** What a technician asks for. */
export interface PlanRequest {
  readonly address: MeterAddress;
  readonly channel: UpgradeChannel;
  readonly target: UpgradeTarget;
  readonly file: string;
  readonly by: string;
  readonly overrides: readonly GateOverride[];
  readonly attach: UpgradePlan['attach'];
  readonly waive: UpgradePlan['waive'];
  readonly ionSetup?: UpgradePlan['ionSetup'] | undefined;
  readonly folder: string;
}

/** A file that was read once: the bytes that are sent, and the package they come from where they come from one. */
export interface Payload {
  readonly image: ImageToSend;
  readonly firmware: FirmwarePackage | null;
  readonly fileSha256: string;
}

const ROLE_OF = {
  main: 'main-image',
  'option-module': 'option-module-image',
  'remote-display': 'remote-display-image',
} as const;

/**
 * Reads what is to be sent. Firmware comes out of a package; web pages and CID files are taken as they are.
 * The file is opened once: the bytes that are hashed here are the bytes that are sent.
 */
export async function readPayload(file: string, target: UpgradeTarget): Promise<Result<Payload>> {
  if (target === 'web-pages' || target === 'cid') return readPlainFile(file, target);
  const firmware = await readFirmwarePackage(file);
  if (!firmware.ok) return firmware;
  const image = firmware.value.image(ROLE_OF[target]);
  if (image === undefined) {
    return fail({
      code: 'package/no-image',
      title: 'The package has no image for this target',
      because: `${basename(file)} holds no ${target} image.`,
      nextStep: 'Look at what is inside (package inspect) and choose another package or target.',
    });
  }
  const name = basename(image.member.path.replaceAll('\\', '/'));
  return ok({
    image: { name, sha256: image.member.sha256, source: image.source },
    firmware: firmware.value,
    fileSha256: firmware.value.sha256,
  });
}

async function readPlainFile(file: string, target: 'web-pages' | 'cid'): Promise<Result<Payload>> {
  const read = await readWholeFile(file, undefined);
  if (!read.ok) return read;
  if (target === 'cid' && !looksLikeScl(read.value)) {
    return fail({
      code: 'upgrade/not-a-cid',
      title: 'This is not an IEC 61850 configuration',
      because: `${basename(file)} does not begin as an XML file with the element SCL, as every CID file does (IEC 61850-6).`,
      nextStep: 'Choose the CID file that the IEC 61850 configurator exported.',
    });
  }
  const sha256 = await digestOf(read.value, 'sha256');
  return ok({
    image: { name: basename(file), sha256, source: byteSourceOf(read.value) },
    firmware: null,
    fileSha256: sha256,
  });
}

/** Whether the root element comes early in the text, in whatever encoding of ASCII; nothing else of the file is judged. */
function looksLikeScl(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.subarray(0, 64 * 1024))
    .toString('latin1')
    .replaceAll('\0', '');
  return /^[^<]{0,8}</.test(text) && /<(?:[\w.-]+:)?SCL[\s>/]/.test(text);
}

/**
 * Names a file on a meter may have: at most 68 ASCII characters, no blank, none of " ' \ / * ? < >.
 * Source: FTP page of the 9410 manual (same platform).
 */
function checkRemoteName(name: string, kind: 'file' | 'folder'): Result<void> {
  if (/^[\x21-\x7e]{1,68}$/.test(name) && !/["'\\/*?<>]/.test(name) && !name.startsWith('.')) return ok(undefined);
  return fail({
    code: 'upgrade/bad-name',
    title: `The meter does not take a ${kind} of this name`,
    because: `${JSON.stringify(name.slice(0, 80))} begins with a dot, or has a blank, a quotation mark, one of \\ / * ? < >, a character outside ASCII, or more than 68 characters.`,
    nextStep: `Choose another name for the ${kind} and try again.`,
  });
}

/** Makes the plan of a job and keeps the file in the archive, so that the job can be resumed and audited when the original is gone. */
export async function makePlan(
  request: PlanRequest,
  payload: Payload,
  before: MeterIdentity,
  places: { readonly archive: string; readonly now: Date },
): Promise<Result<UpgradePlan>> {
  const named = checkRemoteName(payload.image.name, 'file');
  if (!named.ok) return named;
  if (request.folder !== '') {
    const folder = checkRemoteName(request.folder, 'folder');
    if (!folder.ok) return folder;
  }
  const archived = await archive(request.file, payload.fileSha256, places.archive);
  if (!archived.ok) return archived;
  const { firmware } = payload;
  const minimum = firmware?.minimumIonSetup ?? null;
  return ok({
    job: jobName(places.now, before.serial),
    createdAt: places.now.toISOString(),
    by: request.by,
    address: request.address,
    channel: request.channel,
    target: request.target,
    file: archived.value,
    fileSha256: payload.fileSha256,
    image: { name: payload.image.name, size: payload.image.source.size, sha256: payload.image.sha256 },
    targetVersion: request.target === 'main' ? (firmware?.targetVersion ?? null) : null,
    minimumIonSetup: minimum === null ? null : formatIonSetup(minimum),
    before,
    overrides: request.overrides,
    attach: request.attach.map((file) => resolve(file)),
    waive: request.waive,
    ...(request.ionSetup === undefined ? {} : { ionSetup: request.ionSetup }),
    folder: request.folder,
  });
}

/** Sorts by time, says which meter, and is unique. */
function jobName(now: Date, serial: string | null): string {
  const time = now.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  const meter = (serial ?? 'unknown').replace(/[^A-Za-z0-9]/g, '').slice(0, 24) || 'unknown';
  return `${time}-${meter}-${randomBytes(3).toString('hex')}`;
}

/** Copies the file to `<sha256>/<name>` unless it is there already with the same hash. The bytes are read and hashed again. */
async function archive(file: string, sha256: string, root: string): Promise<Result<string>> {
  const folder = join(root, sha256);
  const name = basename(file);
  const target = join(folder, name === '' ? `package${extname(file)}` : name);
  if (await isArchived(target, sha256)) return ok(target);
  try {
    await makeFolders(folder);
    const bytes = await readFile(file);
    if ((await digestOf(bytes, 'sha256')) !== sha256) {
      return fail({
        code: 'package/changed',
        title: 'The file changed while it was being read',
        because: 'Its SHA-256 is another one than a moment ago.',
        nextStep: 'Make sure that nothing writes to the file, then try again.',
      });
    }
    const written = await writeFileDurably(target, bytes);
    return written.ok ? ok(target) : written;
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, file, 'read') };
  }
}

async function isArchived(path: string, sha256: string): Promise<boolean> {
  try {
    await stat(path);
    return (await digestOf(await readFile(path), 'sha256')) === sha256;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return false;
    throw thrown;
  }
}

/** Reads the file of a stored plan again and makes sure that it is the same one; `upgrade/package-changed` if not. */
export async function payloadOf(plan: UpgradePlan): Promise<Result<Payload>> {
  const payload = await readPayload(plan.file, plan.target);
  if (!payload.ok) return payload;
  if (payload.value.fileSha256 === plan.fileSha256 && payload.value.image.sha256 === plan.image.sha256) return payload;
  return fail({
    code: 'upgrade/package-changed',
    title: 'The file of this job is not what it was',
    because: `The job was made for SHA-256 ${plan.fileSha256}; the archived file has ${payload.value.fileSha256}.`,
    meterState: METER_STATE.unknown,
    nextStep: 'Identify the meter, and start a new job with the original package.',
  });
}
