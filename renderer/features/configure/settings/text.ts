import type { TFunction } from 'i18next';
import type { Setting, SettingArea } from '../../../../shared/domain/change.ts';
import { recorderOf } from '../../../../shared/domain/settings/desired.ts';
import { formatNumber } from '../../../ui/text/numbers.ts';

/** What a setting is called: "Device ID", "Data recorder 3: Depth", "USER2: Rights". */
export function settingName(t: TFunction, area: SettingArea, id: string): string {
  const recorder = area === 'recorders' ? recorderOf(id) : undefined;
  if (recorder !== undefined) {
    return t('configure:ofRecorder', {
      number: recorder.number,
      setting: t(`rules:setting.recorders.${recorder.key}`),
    });
  }
  if (area === 'security' && id.endsWith('.rights')) {
    return `${id.slice(0, -'.rights'.length)}: ${t('rules:setting.security.rights')}`;
  }
  return t(`rules:setting.${area}.${id}`);
}

/** A value as people read it. The items of a list stand one a line. */
export function valueText(t: TFunction, language: string, id: string, value: Setting['value']): string {
  const key = id.includes('.') ? id.slice(id.lastIndexOf('.') + 1) : id;
  if (value === 'unread') return t('configure:unread');
  if (value === null) return t(key === 'interval' ? 'configure:noInterval' : 'configure:none');
  if (typeof value === 'boolean') return t(value ? 'configure:on' : 'configure:off');
  if (typeof value === 'number') {
    if (key === 'deviceId' || key === 'bbmdPort') return String(value);
    return key === 'interval'
      ? t('configure:seconds', { seconds: formatNumber(value, language) })
      : formatNumber(value, language);
  }
  switch (key) {
    case 'deviceMode':
      return t(`rules:deviceMode.${value}`);
    case 'mode':
      return t(`rules:recordMode.${value}`);
    case 'complexity':
      return t(`rules:complexity.${value}`);
    case 'rights':
      return value === ''
        ? t('configure:none')
        : value
            .split('\n')
            .map((right) => t(`rules:right.${right}`))
            .join(', ');
    case 'sources':
      return value === '' ? t('configure:none') : value;
    default:
      return value === '' ? t('configure:none') : value;
  }
}
