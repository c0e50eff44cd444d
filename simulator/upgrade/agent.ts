import { readFile } from 'node:fs/promises';
import {
  atLeast,
  compareFirmware,
  type FirmwareVersion,
  firmwareVersion,
  formatFirmware,
} from '../../shared/domain/firmware-version.ts';
import type { FaultBox } from '../faults.ts';
import { LARGEST_FILE, type MeterFiles } from '../sftp/files.ts';
import { NO_IMAGE, type Refusal, type Store } from '../state.ts';
import { type ImageKind, sha256, verifySimulatedImage } from './image.ts';

const MODEL = 'ION7400';
/** From this firmware on there is no way back. Source: what's new in 4.0.0. */
const NO_WAY_BACK_SINCE = firmwareVersion('4.0.0');

const REFUSAL_TEXTS: Readonly<Record<Refusal, string>> = {
  truncated: 'The image is shorter than it says.',
  'bad-signature': 'The image is not genuine: its signature or its hash does not fit.',
  'wrong-model': 'The image is for another model.',
  'wrong-kind': 'The image is for another part of the meter.',
  'not-newer': 'The image is not newer than the firmware of the meter.',
  'start-too-old': 'The firmware of the meter is too old for this image.',
  'revenue-locked': 'The meter is revenue locked.',
  'storage-full': 'There is no room for the image.',
  'no-downgrade': 'Firmware 4.0.0 and later cannot be replaced by an older one.',
};

type Verdict = { readonly refusal: Refusal } | { readonly version: FirmwareVersion };

/** Where images of each kind go. */
type ModuleFolder = 'optionModuleUpg' | 'rmdUpg';
const MODULES: Readonly<
  Record<ModuleFolder, { readonly kind: ImageKind; readonly setting: 'optionModule' | 'remoteDisplay' }>
> = {
  optionModuleUpg: { kind: 'option-module', setting: 'optionModule' },
  rmdUpg: { kind: 'remote-display', setting: 'remoteDisplay' },
};

/** An answer to an order: `refused` says why in words, and by its code where it has one. */
export type Order =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly reason: Refusal | null; readonly text: string };

/**
 * The upgrade agent of a simulated meter. Every step is in the stored state before its effect, so that it goes on after a loss of power at any
 * moment.
 */
export interface UpgradeAgent {
  /** Content of `STATUS.JSON`. */
  status(): string;
  /** True between the order to apply and its end. */
  applying(): boolean;
  /** Checks a complete image in `firmwareUpg` and stores the verdict. */
  check(name: string): Promise<void>;
  /** A file in `firmwareUpg` is gone: forgets its verdict. */
  forget(name: string): Promise<void>;
  /** Order to apply the accepted image, given by its hash. When it settles as accepted, the state is `applying`; the ports are still open. */
  order(hash: string): Promise<Order>;
  /** What ION Setup does: applies a version, or an image given by its bytes, without the folder. */
  orderDirectly(source: { readonly version: FirmwareVersion } | { readonly image: Buffer }): Promise<Order>;
  /** An image in one of the module folders is complete: takes it or says why not. */
  takeModule(folder: ModuleFolder, image: Uint8Array): Promise<Order>;
  /** The work of applying is over: deletes the waveforms and the image, then changes to the new firmware in one write. Safe to do twice. */
  finish(): Promise<void>;
  /** After a start: checks an image again whose check was cut off. */
  resume(): Promise<void>;
}

export function createUpgradeAgent(store: Store, files: MeterFiles, faults: FaultBox): UpgradeAgent {
  const applying = (): boolean => store.state.upgrade.state === 'applying';

  function judge(bytes: Uint8Array, kind: ImageKind): Verdict {
    const image = verifySimulatedImage(bytes);
    if (!image.ok) return { refusal: image.flaw };
    const { header } = image;
    if (header.kind !== kind) return { refusal: 'wrong-kind' };
    if (header.model !== MODEL) return { refusal: 'wrong-model' };
    const refusal = kind === 'main' ? judgeVersion(header.version, header.minimumStart) : judgeMeter();
    return refusal === undefined ? { version: header.version } : { refusal };
  }

  function judgeVersion(target: FirmwareVersion, minimumStart = target): Refusal | undefined {
    const current = store.firmware;
    const step = compareFirmware(target, current);
    if (step < 0 && atLeast(current, NO_WAY_BACK_SINCE)) return 'no-downgrade';
    if (step <= 0) return 'not-newer';
    if (minimumStart !== target && !atLeast(current, minimumStart)) return 'start-too-old';
    return judgeMeter();
  }

  function judgeMeter(): Refusal | undefined {
    if (store.state.revenueLock.locked) return 'revenue-locked';
    return faults.storageFull() ? 'storage-full' : undefined;
  }

  async function readImage(name: string): Promise<Buffer | undefined> {
    const stats = await files.stat('firmwareUpg', name);
    if (stats === undefined || stats.size > LARGEST_FILE) return undefined;
    return readFile(files.pathOf('firmwareUpg', name));
  }

  async function check(name: string): Promise<void> {
    if (applying()) return;
    await store.update(() => ({
      upgrade: { ...NO_IMAGE, state: 'checking', image: name, text: `Checking ${name}.` },
    }));
    const bytes = await readImage(name);
    const { state, image } = store.state.upgrade;
    // Another image, a removal or an order came in between: their verdict stands.
    if (state !== 'checking' || image !== name) return;
    if (bytes === undefined) return store.update(() => ({ upgrade: NO_IMAGE }));
    const hash = sha256(bytes);
    const verdict = judge(bytes, 'main');
    if ('refusal' in verdict) {
      const text = REFUSAL_TEXTS[verdict.refusal];
      return store.log('upgrade-refused', `${name}: ${text}`, {
        upgrade: { state: 'refused', image: name, sha256: hash, version: null, reason: verdict.refusal, text },
      });
    }
    const version = formatFirmware(verdict.version);
    const text = `Ready to apply ${version}: write the SHA-256 of the image to APPLY.`;
    return store.update(() => ({
      upgrade: { state: 'accepted', image: name, sha256: hash, version, reason: null, text },
    }));
  }

  async function order(hash: string): Promise<Order> {
    const { upgrade } = store.state;
    if (upgrade.state !== 'accepted' || upgrade.image === null || upgrade.sha256 !== hash) {
      return { accepted: false, reason: null, text: 'There is no accepted image with this SHA-256.' };
    }
    // The lock, the storage and the file itself may have changed since the image was checked.
    const bytes = await readImage(upgrade.image);
    const verdict = judge(bytes ?? Buffer.alloc(0), 'main');
    const refusal = 'refusal' in verdict ? verdict.refusal : undefined;
    if (refusal !== undefined || bytes === undefined || sha256(bytes) !== hash) {
      const reason = refusal ?? 'bad-signature';
      const text = REFUSAL_TEXTS[reason];
      await store.log('upgrade-refused', `${upgrade.image}: ${text}`, {
        upgrade: { ...upgrade, state: 'refused', version: null, reason, text },
      });
      return refused(reason);
    }
    await begin(upgrade.version ?? '', upgrade.image, hash);
    return { accepted: true };
  }

  async function start(version: FirmwareVersion, hash: string | null): Promise<Order> {
    await begin(formatFirmware(version), null, hash);
    return { accepted: true };
  }

  function begin(version: string, image: string | null, hash: string | null): Promise<void> {
    const text = `Applying ${version}.`;
    return store.log('upgrade-started', text, {
      upgrade: { state: 'applying', image, sha256: hash, version, reason: null, text },
    });
  }

  return {
    status: () => `${JSON.stringify(store.state.upgrade)}\n`,
    applying,
    check,
    async forget(name) {
      if (store.state.upgrade.image === name && !applying()) await store.update(() => ({ upgrade: NO_IMAGE }));
    },
    order,
    async orderDirectly(source) {
      if (applying()) return { accepted: false, reason: null, text: 'An upgrade is under way.' };
      if ('image' in source) {
        const verdict = judge(source.image, 'main');
        return 'refusal' in verdict ? refused(verdict.refusal) : start(verdict.version, sha256(source.image));
      }
      const refusal = judgeVersion(source.version);
      return refusal === undefined ? start(source.version, null) : refused(refusal);
    },
    async takeModule(folder, image) {
      const { kind, setting } = MODULES[folder];
      const verdict = judge(image, kind);
      if ('refusal' in verdict) {
        return refused(verdict.refusal);
      }
      const version = formatFirmware(verdict.version);
      await store.log('module-upgraded', `${kind} upgraded to ${version}.`, { [setting]: version });
      return { accepted: true };
    },
    async finish() {
      const { upgrade, firmware } = store.state;
      if (upgrade.state !== 'applying' || upgrade.version === null) return;
      for (const { name } of await files.list('COMTRADE')) await files.remove('COMTRADE', name);
      if (upgrade.image !== null) await files.remove('firmwareUpg', upgrade.image);
      const text = `Firmware upgraded from ${firmware} to ${upgrade.version}.`;
      await store.log('upgrade-applied', text, {
        firmware: upgrade.version,
        upgrade: { ...upgrade, state: 'applied', text },
      });
    },
    async resume() {
      const { state, image } = store.state.upgrade;
      if (state === 'checking' && image !== null) await check(image);
    },
  };
}

function refused(reason: Refusal): Order {
  return { accepted: false, reason, text: REFUSAL_TEXTS[reason] };
}
