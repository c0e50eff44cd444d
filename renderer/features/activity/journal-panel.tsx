import { Button, ScrollArea, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { journalLineSchema } from '../../../shared/contract/views.ts';
import { useJobs } from '../../app/feeds/jobs-store.ts';
import { engine } from '../../engine/client.ts';
import { Section } from '../../ui/page.tsx';
import { TimeText } from '../../ui/text/time-text.tsx';
import { ask, BUSY, type Load, loaded } from '../ask.ts';
import { ProblemView } from '../upgrade/problem-view.tsx';
import classes from '../upgrade/steps/package.module.css';

type JournalLine = z.infer<typeof journalLineSchema>;

/** The journal of a job as it stands on the disk; read again whenever the job changes. */
export function JournalPanel({ job, onClose }: { readonly job: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [lines, setLines] = useState<Load<readonly JournalLine[]>>(BUSY);
  const changedAt = useJobs(({ jobs }) => jobs.get(job)?.summary.changedAt);
  useEffect(() => {
    // A job that the page does not know yet has no last change; its journal is read when it has.
    if (changedAt === undefined) return;
    const stop = new AbortController();
    void ask(() => engine.jobs.journal({ job }, { signal: stop.signal })).then((found) => {
      if (!stop.signal.aborted) setLines(loaded(found));
    });
    return () => stop.abort();
  }, [job, changedAt]);
  return (
    <Section
      title={t('activity:journalHeading', { job })}
      actions={
        <Button variant="default" onClick={onClose}>
          {t('activity:close')}
        </Button>
      }
    >
      <Text size="sm">{t('activity:journalWhat')}</Text>
      {lines.state === 'busy' && <Text size="sm">{t('activity:journalLoading')}</Text>}
      {lines.state === 'failed' && <ProblemView problem={lines.problem} />}
      {lines.state === 'ready' && (
        <ScrollArea.Autosize
          mah={420}
          type="auto"
          viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('activity:journalLines') }}
        >
          <table className={classes['table']}>
            <thead>
              <tr>
                <th scope="col" className={classes['number']}>
                  {t('activity:seq')}
                </th>
                <th scope="col">{t('activity:at')}</th>
                <th scope="col">{t('activity:event')}</th>
                <th scope="col">{t('activity:detail')}</th>
              </tr>
            </thead>
            <tbody>
              {lines.value.map((line) => (
                <tr key={line.seq}>
                  <td className={classes['number']}>{line.seq}</td>
                  <td className={classes['nowrap']}>
                    <TimeText at={line.at} />
                  </td>
                  <td>{line.type}</td>
                  <td className={classes['hash']}>{line.detail}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea.Autosize>
      )}
    </Section>
  );
}
