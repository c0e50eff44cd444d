import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Result } from '../../shared/domain/problem.ts';
import type { ReportFormat } from '../../shared/domain/report-format.ts';
import { KeyValueList } from '../ui/key-value-list.tsx';
import { BUSY, IDLE, type Load, loaded } from './ask.ts';
import { openFolder } from './open-folder.ts';
import { ProblemView } from './upgrade/problem-view.tsx';

/** The one that is handed over most often first. */
const FORMATS = ['pdf', 'html', 'json', 'csv'] as const satisfies readonly ReportFormat[];

interface Written {
  readonly file: string;
  readonly sha256: string;
}

interface SaveReportProps {
  /** Writes the report into the folder of reports. */
  readonly write: (format: ReportFormat) => Promise<Result<Written>>;
}

/** A report as a file: a button for each form, then where it lies and its fingerprint. */
export function SaveReport({ write }: SaveReportProps) {
  const { t } = useTranslation();
  const [written, setWritten] = useState<Load<Written>>(IDLE);
  const save = async (format: ReportFormat): Promise<void> => {
    setWritten(BUSY);
    setWritten(loaded(await write(format)));
  };
  return (
    <Stack gap="xs">
      <Group gap="sm">
        {FORMATS.map((format) => (
          <Button
            key={format}
            variant={format === 'pdf' ? 'filled' : 'default'}
            disabled={written.state === 'busy'}
            onClick={() => void save(format)}
          >
            {t('upgrade:report.format', { format: format.toUpperCase() })}
          </Button>
        ))}
      </Group>
      <div role="status">
        {written.state === 'busy' && <Text size="sm">{t('upgrade:report.saving')}</Text>}
        {written.state === 'ready' && (
          <Stack gap="xs">
            <Text size="sm">{t('upgrade:report.saved', { file: written.value.file })}</Text>
            <KeyValueList
              items={[
                {
                  label: t('upgrade:report.fingerprint'),
                  value: <span className="mw-mono">{written.value.sha256}</span>,
                },
              ]}
            />
            <div>
              <Button variant="default" onClick={() => void openFolder(written.value.file)}>
                {t('upgrade:report.open')}
              </Button>
            </div>
          </Stack>
        )}
      </div>
      {written.state === 'failed' && <ProblemView problem={written.problem} />}
    </Stack>
  );
}
