import { Autocomplete, Button, Group } from '@mantine/core';
import { IconMapPin } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import type { Problem } from '../../../../shared/domain/problem.ts';
import { LONGEST_SITE } from '../../../../shared/domain/site.ts';
import { engine } from '../../../engine/client.ts';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { ProblemCard } from '../../../ui/problem-card.tsx';
import { ask } from '../../ask.ts';
import type { Sites } from './sites.ts';

interface SiteDialogProps {
  readonly meters: readonly ListedMeter[];
  readonly sites: Sites;
}

/** Says of the selected meters where they stand. */
export function SiteDialog({ meters, sites }: SiteDialogProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const [site, setSite] = useState('');
  const [problem, setProblem] = useState<Problem>();

  function open(): void {
    const [first, ...others] = new Set(meters.map((meter) => meter.site));
    setSite(others.length === 0 ? (first ?? '') : '');
    setProblem(undefined);
    setOpened(true);
  }
  async function save(): Promise<void> {
    const answer = await ask(() => engine.meters.setSite({ ids: meters.map(({ id }) => id), site: site.trim() }));
    if (answer.ok) setOpened(false);
    else setProblem(answer.problem);
  }

  return (
    <>
      <Button variant="default" leftSection={<IconMapPin size={14} />} onClick={open}>
        {t('meters:site.open')}
      </Button>
      <FormDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t('meters:site.title', { count: meters.length })}
        onSubmit={() => void save()}
      >
        <Autocomplete
          size="xs"
          label={t('meters:column.site')}
          description={t('meters:site.what')}
          data-autofocus
          maxLength={LONGEST_SITE}
          data={sites.named.map(({ name }) => name)}
          value={site}
          onChange={setSite}
        />
        {problem !== undefined && <ProblemCard problem={problem} />}
        <Group gap="xs">
          <Button type="submit">{t('meters:site.save')}</Button>
          <Button variant="default" onClick={() => setOpened(false)}>
            {t('ui:cancel')}
          </Button>
        </Group>
      </FormDialog>
    </>
  );
}
