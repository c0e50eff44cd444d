import { ScrollArea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { BacnetSheetView } from '../../../../shared/contract/bacnet-calls.ts';
import { VerdictChip } from '../../../ui/chips/verdict-chip.tsx';
import { KeyValueList } from '../../../ui/key-value-list.tsx';
import lists from '../../../ui/lists.module.css';
import classes from '../configure.module.css';

/** What a meter says over BACnet/IP: findings, the device, and every object with its value. */
export function BacnetSheet({ sheet }: { readonly sheet: BacnetSheetView }) {
  const { t } = useTranslation();
  const told = (value: string | number | null) =>
    value === null || value === '' ? t('configure:check.notTold') : value;
  return (
    <div className={classes['stack']} aria-live="polite">
      <ul className={classes['sayings']} aria-label={t('configure:check.findings')}>
        {sheet.findings.map(({ id, verdict, because }) => (
          <li key={id}>
            <VerdictChip verdict={verdict} />
            <span>
              <strong>{t(`configure:check.finding.${id}`)}</strong> {because}
            </span>
          </li>
        ))}
      </ul>
      <KeyValueList
        items={[
          { label: t('configure:check.deviceId'), value: told(sheet.deviceId) },
          { label: t('configure:check.deviceName'), value: told(sheet.deviceName) },
          { label: t('configure:check.vendor'), value: told(sheet.vendorName) },
          { label: t('configure:check.model'), value: told(sheet.model) },
          { label: t('configure:check.firmware'), value: told(sheet.firmware) },
          { label: t('configure:check.revision'), value: told(sheet.protocolRevision) },
        ]}
      />
      <h3>{t('configure:check.objects', { count: sheet.objects.length })}</h3>
      <ScrollArea.Autosize
        mah={420}
        type="auto"
        viewportProps={{
          tabIndex: 0,
          role: 'region',
          'aria-label': t('configure:check.objects', { count: sheet.objects.length }),
        }}
      >
        <div className={classes['words']}>
          <table className={lists['table']} aria-label={t('configure:check.title')}>
            <thead>
              <tr>
                <th scope="col">{t('configure:check.object')}</th>
                <th scope="col">{t('configure:check.name')}</th>
                <th scope="col" className={lists['number']}>
                  {t('configure:check.value')}
                </th>
                <th scope="col">{t('configure:check.unit')}</th>
                <th scope="col">{t('configure:check.description')}</th>
              </tr>
            </thead>
            <tbody>
              {sheet.objects.map(({ object, typeName, name, presentValue, unit, description, because }) => (
                <tr key={`${object.type} ${object.instance}`}>
                  <th scope="row">
                    {typeName} {object.instance}
                  </th>
                  <td>{told(name)}</td>
                  <td className={lists['number']}>{presentValue ?? '–'}</td>
                  <td>{unit}</td>
                  <td className="mw-quiet">{[description, because].filter(Boolean).join(' · ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </ScrollArea.Autosize>
    </div>
  );
}
