import type { Setting } from '../change.ts';
import { type BacnetSettings, DEVICE_MODES, type DeviceMode } from './bacnet.ts';
import { recorderOf } from './desired.ts';
import { COMPLEXITIES, type Complexity, type PasswordPolicy } from './passwords/policy.ts';
import { RECORD_MODES, type RecorderSettings, type RecordMode } from './recorders/recorder.ts';

/** Settings that were read, in the form of the rules; what was not read is left out. */
export function bacnetAsRead(settings: readonly Setting[]): Partial<BacnetSettings> {
  const value = valuesOf(settings);
  const mode = DEVICE_MODES.find((candidate): candidate is DeviceMode => candidate === value('deviceMode'));
  const address = value('bbmdAddress');
  return {
    ...pick('enabled', value('enabled'), isBoolean),
    ...pick('deviceId', value('deviceId'), isNumber),
    ...(mode === undefined ? {} : { deviceMode: mode }),
    ...(address === null || isString(address) ? { bbmdAddress: address } : {}),
    ...pick('bbmdPort', value('bbmdPort'), isNumber),
    ...pick('ethernetDeviceName', value('ethernetDeviceName'), isString),
  };
}

/** The password policy as it was read; what was not read is left out. */
export function policyAsRead(settings: readonly Setting[]): Partial<PasswordPolicy> {
  const value = valuesOf(settings);
  const complexity = COMPLEXITIES.find((candidate): candidate is Complexity => candidate === value('complexity'));
  return {
    ...(complexity === undefined ? {} : { complexity }),
    ...pick('minimumLength', value('minimumLength'), isNumber),
  };
}

/** The Data Recorders that were read completely, by number. */
export function recordersAsRead(settings: readonly Setting[]): ReadonlyMap<number, RecorderSettings> {
  const numbers = new Set(settings.flatMap(({ id }) => recorderOf(id)?.number ?? []));
  const found = [...numbers].flatMap((number): [number, RecorderSettings][] => {
    const value = valuesOf(settings, `${number}.`);
    const [name, interval, depth, bufferDepth] = ['name', 'interval', 'depth', 'bufferDepth'].map(value);
    const [sources, outage, mode, pre, post] = [
      'sources',
      'insertOutageRecords',
      'mode',
      'preTrigger',
      'postTrigger',
    ].map(value);
    const kept = RECORD_MODES.find((candidate): candidate is RecordMode => candidate === mode);
    if (!isNumber(depth) || !isNumber(bufferDepth) || !isString(sources) || !isBoolean(outage)) return [];
    if (kept === undefined || !isNumber(pre) || !isNumber(post)) return [];
    if (interval !== null && !isNumber(interval)) return [];
    const recorder: RecorderSettings = {
      ...(isString(name) && name !== '' ? { name } : {}),
      interval,
      depth,
      bufferDepth,
      sources: sources === '' ? [] : sources.split('\n'),
      insertOutageRecords: outage,
      mode: kept,
      preTrigger: pre,
      postTrigger: post,
    };
    return [[number, recorder]];
  });
  return new Map(found);
}

function valuesOf(settings: readonly Setting[], prefix = ''): (id: string) => Setting['value'] | undefined {
  const byId = new Map(settings.map(({ id, value }) => [id, value]));
  return (id) => {
    const value = byId.get(`${prefix}${id}`);
    return value === 'unread' ? undefined : value;
  };
}

function pick<Key extends string, Value>(
  key: Key,
  value: unknown,
  is: (candidate: unknown) => candidate is Value,
): Partial<Record<Key, Value>> {
  return is(value) ? ({ [key]: value } as Partial<Record<Key, Value>>) : {};
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isString = (value: unknown): value is string => typeof value === 'string';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
