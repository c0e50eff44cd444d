import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAge, formatClock, formatLocal, formatUtc } from './format.ts';

interface TimeTextProps {
  /** ISO 8601. */
  readonly at: string;
  /** The present time in milliseconds, where the age is shown. */
  readonly age?: number;
}

/** A point in time: local time, UTC on hover; with `age` how long ago it is, both times on hover. */
export function TimeText(props: TimeTextProps) {
  const { i18n } = useTranslation();
  return timeText(props, i18n.language);
}

/** The same for a cell of a long table, where a hook in each row would be felt. */
export function timeText({ at, age }: TimeTextProps, language: string): ReactNode {
  if (age === undefined) {
    return (
      <time dateTime={at} title={formatUtc(at)}>
        {formatLocal(at, language)}
      </time>
    );
  }
  return (
    <time dateTime={at} title={`${formatClock(at)} · ${formatUtc(at)}`}>
      {formatAge(at, age, language)}
    </time>
  );
}
