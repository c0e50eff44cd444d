import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning, useJobs } from './jobs-store.ts';

/** The title of the window: how far the running job is, the screen, the program. */
export function useTitle(screen: string): void {
  const { t } = useTranslation();
  const running = useJobs((state) => {
    const [first, ...rest] = [...state.jobs.values()].filter(({ summary }) => isRunning(summary));
    if (first === undefined) return '';
    const { bytes } = first.progress ?? {};
    const percent =
      bytes === undefined || bytes.total === 0 ? '' : ` ${Math.floor((100 * bytes.done) / bytes.total)} %`;
    const more = rest.length === 0 ? '' : ` +${rest.length}`;
    return `${first.summary.meter}: ${t(`domain:state.${first.summary.state}`)}${percent}${more}`;
  });
  useEffect(() => {
    document.title = [running, screen, t('app:name')].filter((part) => part !== '').join(' – ');
  }, [running, screen, t]);
}
