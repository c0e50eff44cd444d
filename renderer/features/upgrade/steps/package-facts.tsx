import { useTranslation } from 'react-i18next';
import type { PackageView } from '../../../../shared/contract/views.ts';
import { formatFirmware } from '../../../../shared/domain/firmware-version.ts';
import { Chip } from '../../../ui/chips/chip.tsx';
import { SimulatedBadge } from '../../../ui/chips/simulated-badge.tsx';
import { KeyValueList } from '../../../ui/key-value-list.tsx';
import { useFormat } from '../../../ui/text/format.ts';
import classes from './package.module.css';

const LISTED_TONE = { matches: 'ok', differs: 'danger', 'not-listed': 'neutral' } as const;

/** What a package is and what is in it, as the engine read it. */
export function PackageFacts({ found, model }: { readonly found: PackageView; readonly model: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const version = found.targetVersion === null ? t('upgrade:package.noVersion') : formatFirmware(found.targetVersion);
  const fit = fitOf(found.model, model);
  return (
    <div>
      <KeyValueList
        items={[
          {
            label: t('upgrade:package.file'),
            value: (
              <>
                {found.file} {found.simulated && <SimulatedBadge />}
              </>
            ),
          },
          { label: t('upgrade:package.target'), value: <strong>{version}</strong> },
          { label: t('upgrade:package.targetFrom'), value: found.targetVersionFrom },
          {
            label: t('upgrade:package.model'),
            value: (
              <>
                {found.model ?? '–'} <Chip tone={fit.tone}>{t(`upgrade:package.${fit.key}`, { model })}</Chip>
              </>
            ),
          },
          {
            label: t('upgrade:package.ionSetup'),
            value: found.minimumIonSetup ?? t('upgrade:package.noIonSetup'),
          },
          { label: t('upgrade:package.signature'), value: t(`upgrade:package.signatures.${found.signature}`) },
          { label: t('upgrade:package.sha256'), value: <span className={classes['hash']}>{found.sha256}</span> },
        ]}
      />
      <div className={classes['wrap']}>
        <table className={classes['table']} aria-label={t('upgrade:package.members')}>
          <thead>
            <tr>
              <th scope="col">{t('upgrade:package.member')}</th>
              <th scope="col">{t('upgrade:package.role')}</th>
              <th scope="col" className={classes['number']}>
                {t('upgrade:package.size')}
              </th>
              <th scope="col">{t('upgrade:package.listed')}</th>
              <th scope="col">{t('upgrade:package.hash')}</th>
            </tr>
          </thead>
          <tbody>
            {found.members.map((member) => (
              <tr key={member.path}>
                <th scope="row">{member.path}</th>
                <td>{t(`upgrade:package.roles.${member.role}`)}</td>
                <td className={classes['number']}>{format.bytes(member.size)}</td>
                <td>
                  <Chip tone={LISTED_TONE[member.listed]}>{t(`upgrade:package.listedStates.${member.listed}`)}</Chip>
                </td>
                <td className={classes['shortHash']} title={member.sha256}>
                  {`${member.sha256.slice(0, 16)}…`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function fitOf(wanted: string | null, model: string | null) {
  if (model === null || wanted === null) return { key: 'modelUnknown', tone: 'neutral' } as const;
  return model === wanted
    ? ({ key: 'modelFits', tone: 'ok' } as const)
    : ({ key: 'modelOther', tone: 'danger' } as const);
}
