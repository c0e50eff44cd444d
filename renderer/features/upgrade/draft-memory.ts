import { BACKUP_ITEM_IDS } from '../../../shared/domain/backup.ts';
import { GATE_IDS } from '../../../shared/domain/gate.ts';
import { type MeterPlace, UPGRADE_CHANNELS, UPGRADE_TARGETS } from '../../../shared/domain/job.ts';
import { bagOf, DRAFT_STEPS, type Draft } from './draft.ts';

/**
 * What a person chose and typed for an upgrade, as it is kept over a reload or a crash of the page. Answers of the meter and of the gates are not in
 * it: those are asked for again. It holds no login.
 */
export interface KeptDraft extends Pick<Draft, 'step' | 'by' | 'file' | 'target' | 'channel' | 'ionSetup'> {
  readonly overrides: Readonly<Record<string, string>>;
  readonly attach: readonly string[];
  readonly waive: Readonly<Record<string, string>>;
  /** The backup that was chosen or taken. */
  readonly bag: string | null;
  /** Whether one was being taken, which goes on without the page. */
  readonly taking: boolean;
}

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The place of a draft: one for each meter, gone with the window. */
function keyOf({ host, ports, unit }: MeterPlace): string {
  return `meterwright.draft ${host.toLowerCase()} ${ports.modbus} ${unit}`;
}

export function keepDraft(storage: Storage, draft: Draft): void {
  const { step, by, file, target, channel, ionSetup, overrides, attach, waive, backup } = draft;
  const kept: KeptDraft = {
    step,
    by,
    file,
    target,
    channel,
    ionSetup,
    overrides: given(overrides),
    attach,
    waive: given(waive),
    bag: bagOf(backup) ?? null,
    // A page that goes away loses its connection first, and may still write that down.
    taking: backup.state === 'taking' || (backup.state === 'failed' && backup.unheard),
  };
  try {
    storage.setItem(keyOf(draft.address), JSON.stringify(kept));
  } catch {
    // A full store: then a reload begins anew, as it did before there was one.
  }
}

export function dropDraft(storage: Storage, address: MeterPlace): void {
  storage.removeItem(keyOf(address));
}

/** What was kept for a meter; undefined where there is nothing, or nothing that this version understands. */
export function recallDraft(storage: Storage, address: MeterPlace): KeptDraft | undefined {
  try {
    const found: unknown = JSON.parse(storage.getItem(keyOf(address)) ?? 'null');
    return isKept(found) ? found : undefined;
  } catch {
    // Not JSON: not ours.
    return undefined;
  }
}

function given(reasons: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(reasons).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

const MAX_TEXT = 32_767;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_TEXT;
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isOneOf = (values: readonly string[], value: unknown): boolean => isText(value) && values.includes(value);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areReasons(ids: readonly string[], value: unknown): boolean {
  return isRecord(value) && Object.entries(value).every(([id, reason]) => ids.includes(id) && isText(reason));
}

function isKept(value: unknown): value is KeptDraft {
  if (!isRecord(value)) return false;
  const { step, by, file, target, channel, ionSetup, overrides, attach, waive, bag, taking } = value;
  return (
    isOneOf(DRAFT_STEPS, step) &&
    isText(by) &&
    isTextOrNull(file) &&
    isOneOf(UPGRADE_TARGETS, target) &&
    (channel === null || isOneOf(UPGRADE_CHANNELS, channel)) &&
    isRecord(ionSetup) &&
    Object.entries(ionSetup).every(([key, told]) => (key === 'path' || key === 'version') && isText(told)) &&
    areReasons(GATE_IDS, overrides) &&
    Array.isArray(attach) &&
    attach.length <= 100 &&
    attach.every(isText) &&
    areReasons(BACKUP_ITEM_IDS, waive) &&
    isTextOrNull(bag) &&
    typeof taking === 'boolean'
  );
}
