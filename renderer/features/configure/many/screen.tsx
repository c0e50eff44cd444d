import { Button, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMeters } from '../../../app/feeds/meters-store.ts';
import { navigate } from '../../../app/router.ts';
import type { ScreenProps } from '../../../app/screen.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Page } from '../../../ui/page.tsx';
import { ManyPasswords } from '../passwords/many-passwords.tsx';
import { useMany } from './selection.ts';
import { ManyTemplate } from './template.tsx';

const KINDS = ['template', 'passwords'] as const;

/** What can be done for the meters that were selected in the list: a template applied to each, or new passwords sealed for all. */
export function ManyScreen({ rest }: ScreenProps) {
  const { t } = useTranslation();
  const known = useMeters((state) => state.meters);
  const selected = useMany(({ meters }) => meters);
  const meters = selected.flatMap((id) => known.find((meter) => meter.id === id) ?? []);
  const shown = KINDS.find((kind) => kind === rest[0]) ?? 'template';
  const toMeters = () => navigate('meters');

  if (meters.length === 0) {
    return (
      <Page title={t('configure:many.title')}>
        <EmptyState title={t('configure:many.none')} text={t('configure:many.noneWhat')}>
          <Button onClick={toMeters}>{t('configure:many.toMeters')}</Button>
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page
      title={t('configure:many.title')}
      actions={
        <Button variant="subtle" onClick={toMeters}>
          {t('configure:many.toMeters')}
        </Button>
      }
    >
      <SegmentedControl
        aria-label={t('configure:many.what')}
        data={KINDS.map((value) => ({ value, label: t(`configure:many.kind.${value}`) }))}
        value={shown}
        onChange={(next) => navigate('configure', next)}
        style={{ alignSelf: 'flex-start' }}
      />
      {shown === 'template' ? <ManyTemplate meters={meters} /> : <ManyPasswords meters={meters} />}
    </Page>
  );
}
