import type { TFunction } from 'i18next';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning, type JobView, useJobs } from '../feeds/jobs-store.ts';

/** The title of the window: how far the running job is, the screen, the program. */
export function useTitle(screen: string): void {
  const { t } = useTranslation();
  useEffect(() => {
    const show = () => {
      const title = [runningOf(useJobs.getState().jobs, t), screen, t('app:name')].filter((part) => part !== '');
      document.title = title.join(' – ');
    };
    show();
    // Not as state of the frame: every percent would render the whole page.
    return useJobs.subscribe(show);
  }, [screen, t]);
}

function runningOf(jobs: ReadonlyMap<string, JobView>, t: TFunction): string {
  const [first, ...rest] = [...jobs.values()].filter(({ summary }) => isRunning(summary));
  if (first === undefined) return '';
  const { bytes } = first.progress ?? {};
  const percent = bytes === undefined || bytes.total === 0 ? '' : ` ${Math.floor((100 * bytes.done) / bytes.total)} %`;
  const more = rest.length === 0 ? '' : ` +${rest.length}`;
  return `${first.summary.meter}: ${t(`domain:state.${first.summary.state}`)}${percent}${more}`;
}
