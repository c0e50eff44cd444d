import type { Plan, SettingValue } from '../change.ts';
import { DEFAULT_BACNET_PORT } from './bacnet.ts';
import { RIGHTS } from './passwords/rights.ts';
import type { RecorderSettings } from './recorders/recorder.ts';

/** What a plan wants, setting by setting, in the form in which settings are read; see `Setting.id`. */
export function desiredSettings(plan: Plan): ReadonlyMap<string, SettingValue> {
  switch (plan.area) {
    case 'bacnet': {
      const { bbmdPort, ...rest } = plan.settings;
      // An empty port is the standard one, which is what the meter holds then. Source: ION7400 user manual, BACnet/IP settings.
      const port = bbmdPort === undefined ? {} : { bbmdPort: bbmdPort ?? DEFAULT_BACNET_PORT };
      return new Map(Object.entries({ ...rest, ...port }));
    }
    case 'security': {
      const { users = {}, ...policy } = plan.settings;
      const rights = Object.entries(users).map(([name, user]): [string, SettingValue] => [
        `${name}.rights`,
        RIGHTS.filter((right) => user.rights.includes(right)).join('\n'),
      ]);
      return new Map([...Object.entries(policy), ...rights]);
    }
    case 'recorders':
      return new Map(
        Object.entries(plan.settings.recorders).flatMap(([number, recorder]) =>
          Object.entries(recorder).map(([key, value]): [string, SettingValue] => [
            `${number}.${key}`,
            typeof value === 'object' && value !== null ? value.join('\n') : value,
          ]),
        ),
      );
    case 'clock':
      return new Map<string, SettingValue>([['set', plan.settings.set]]);
  }
}

/** The number of the recorder that a setting belongs to, and its key: "3.depth". */
export function recorderOf(id: string): { readonly number: number; readonly key: keyof RecorderSettings } | undefined {
  const match = /^(\d{1,2})\.([a-zA-Z]+)$/.exec(id);
  return match === null ? undefined : { number: Number(match[1]), key: match[2] as keyof RecorderSettings };
}
