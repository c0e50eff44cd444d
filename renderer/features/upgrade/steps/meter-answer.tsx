import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { formatFirmware } from '../../../../shared/domain/firmware-version.ts';
import type { JobSummary } from '../../../../shared/domain/job.ts';
import { TimeText } from '../../../ui/text/time-text.tsx';

/** Where an interrupted job stood: its stage, and while it sent the share of the image that is known to have arrived. */
export function whereOf({ interruptedAt, sent }: JobSummary, t: TFunction): string {
  if (interruptedAt === null) return t('upgrade:ended.interrupted');
  const stage = t(`domain:state.${interruptedAt}`);
  return sent === undefined
    ? t('upgrade:ended.interruptedAt', { stage })
    : t('upgrade:ended.interruptedSent', { stage, percent: Math.floor(100 * sent) });
}

/** What the meter of an interrupted job said by itself after the start: that it answers and with what, or that it does not. */
export function MeterAnswerText({ summary }: { readonly summary: JobSummary }) {
  const { t } = useTranslation();
  const answer = summary.meterAnswer;
  if (answer === undefined) return null;
  if (answer.state === 'asking') return <span>{t('upgrade:ended.meterAsked')}</span>;
  return (
    <span>
      {answer.state === 'silent'
        ? t('upgrade:ended.meterSilent', { because: answer.because })
        : answered(summary, answer, t)}{' '}
      <span className="mw-quiet">
        {t('upgrade:ended.askedAt')} <TimeText at={answer.at} />
      </span>
    </span>
  );
}

function answered({ serial }: JobSummary, answer: NonNullable<JobSummary['meterAnswer']>, t: TFunction): string {
  if (serial !== null && answer.serial !== null && answer.serial !== serial)
    return t('upgrade:ended.meterOther', { serial: answer.serial, expected: serial });
  return answer.firmware === null
    ? t('upgrade:ended.meterAnswersUnknown')
    : t('upgrade:ended.meterAnswers', { version: formatFirmware(answer.firmware) });
}
