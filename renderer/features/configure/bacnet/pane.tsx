import { NumberInput, Select, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import { bacnetAsRead } from '../../../../shared/domain/settings/as-read.ts';
import {
  type BacnetSettings,
  DEFAULT_BACNET_PORT,
  DEVICE_MODES,
  defaultDeviceId,
  LARGEST_DEVICE_ID,
} from '../../../../shared/domain/settings/bacnet.ts';
import { AreaPane, type EditorProps } from '../area-pane.tsx';
import classes from '../configure.module.css';
import { wishBacnet } from '../plans.ts';
import { SettingsTable } from '../settings/table.tsx';
import { settingName } from '../settings/text.ts';
import { setPlan, usePane } from '../store.ts';
import { BacnetCheck } from './check.tsx';

/** BACnet/IP: the six settings that the vendor documents. */
export function BacnetPane({ meter }: { readonly meter: ListedMeter }) {
  const { known } = usePane(meter.id, 'bacnet');
  return (
    <AreaPane
      meter={meter}
      area="bacnet"
      editor={(plan, reading, rules) =>
        plan.area === 'bacnet' && (
          <BacnetEditor
            meter={meter}
            reading={reading}
            wishes={plan.settings}
            onWishes={(settings) => setPlan(meter.id, { area: 'bacnet', settings })}
            rules={rules}
          />
        )
      }
    >
      <BacnetCheck meter={meter} reading={known} />
    </AreaPane>
  );
}

const KEYS = ['enabled', 'deviceId', 'deviceMode', 'bbmdAddress', 'bbmdPort', 'ethernetDeviceName'] as const;

function BacnetEditor({ reading, wishes, onWishes, rules }: EditorProps<'bacnet'>) {
  const { t } = useTranslation();
  const now = bacnetAsRead(reading.settings);
  const wanted: Partial<BacnetSettings> = { ...now, ...wishes };
  const wish = <Key extends keyof BacnetSettings>(key: Key, value: BacnetSettings[Key] | undefined) =>
    onWishes(wishBacnet(wishes, now, key, value));
  const label = (key: keyof BacnetSettings) => settingName(t, 'bacnet', key);
  const leave = { value: '', label: t('configure:leave') };
  /** What could not be read can be left as it is; what was read is left by not changing it. */
  const orLeave = <Option extends { value: string }>(key: keyof BacnetSettings, options: readonly Option[]) =>
    now[key] === undefined ? [leave, ...options] : [...options];
  const mac = reading.mac === null ? null : defaultDeviceId(reading.mac);

  const inputs: Readonly<Record<(typeof KEYS)[number], ReactNode>> = {
    enabled: (
      <Select
        aria-label={label('enabled')}
        allowDeselect={false}
        data={orLeave('enabled', [
          { value: 'on', label: t('configure:on') },
          { value: 'off', label: t('configure:off') },
        ])}
        value={wanted.enabled === undefined ? '' : wanted.enabled ? 'on' : 'off'}
        onChange={(value) => wish('enabled', value === '' || value === null ? undefined : value === 'on')}
      />
    ),
    deviceId: (
      <NumberInput
        aria-label={label('deviceId')}
        description={t('configure:bacnet.idRange', { most: LARGEST_DEVICE_ID })}
        inputWrapperOrder={['input', 'description']}
        placeholder={t('configure:leave')}
        allowDecimal={false}
        hideControls
        value={wanted.deviceId ?? ''}
        onChange={(value) => wish('deviceId', value === '' ? undefined : Number(value))}
      />
    ),
    deviceMode: (
      <Select
        aria-label={label('deviceMode')}
        allowDeselect={false}
        data={orLeave(
          'deviceMode',
          DEVICE_MODES.map((mode) => ({ value: mode as string, label: t(`rules:deviceMode.${mode}`) })),
        )}
        value={wanted.deviceMode ?? ''}
        onChange={(value) =>
          wish(
            'deviceMode',
            DEVICE_MODES.find((mode) => mode === value),
          )
        }
      />
    ),
    bbmdAddress: (
      <TextInput
        aria-label={label('bbmdAddress')}
        placeholder={now.bbmdAddress === undefined ? t('configure:leave') : t('configure:none')}
        value={wanted.bbmdAddress ?? ''}
        maxLength={64}
        spellCheck={false}
        onChange={({ currentTarget: { value } }) =>
          wish('bbmdAddress', value.trim() !== '' ? value.trim() : now.bbmdAddress === undefined ? undefined : null)
        }
      />
    ),
    bbmdPort: (
      <NumberInput
        aria-label={label('bbmdPort')}
        placeholder={now.bbmdPort === undefined ? t('configure:leave') : String(DEFAULT_BACNET_PORT)}
        allowDecimal={false}
        hideControls
        value={wanted.bbmdPort ?? ''}
        onChange={(value) =>
          wish('bbmdPort', value !== '' ? Number(value) : now.bbmdPort === undefined ? undefined : null)
        }
      />
    ),
    ethernetDeviceName: (
      <TextInput
        aria-label={label('ethernetDeviceName')}
        description={t('configure:bacnet.nameShared')}
        inputWrapperOrder={['input', 'description']}
        placeholder={t('configure:leave')}
        value={wanted.ethernetDeviceName ?? ''}
        maxLength={200}
        spellCheck={false}
        onChange={({ currentTarget: { value } }) =>
          wish('ethernetDeviceName', value === '' && now.ethernetDeviceName === undefined ? undefined : value)
        }
      />
    ),
  };
  return (
    <div className={classes['stack']}>
      <p className={classes['note']}>
        {mac?.ok === true
          ? t('configure:bacnet.defaultId', { mac: reading.mac, id: mac.value })
          : t('configure:bacnet.defaultIdHow')}
      </p>
      <SettingsTable label={t('configure:want.bacnet')} reading={reading} keys={KEYS} inputs={inputs} rules={rules} />
    </div>
  );
}
