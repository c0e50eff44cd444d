import { useTranslation } from 'react-i18next';
import { engine } from '../../../engine/client.ts';
import { ask } from '../../ask.ts';
import { SaveReport } from '../../save-report.tsx';

/** The report of one application of a plan, as a file: what was, what was written, what was read again, by whom and when. */
export function RunReport({ run }: { readonly run: string }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('configure:report.title')}>
      <h3>{t('configure:report.title')}</h3>
      <SaveReport write={(format) => ask(() => engine.configure.report({ run, format }))} />
    </section>
  );
}
