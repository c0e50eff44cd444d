import { useTranslation } from 'react-i18next';
import type { Setting } from '../../../../shared/domain/change.ts';
import classes from '../configure.module.css';
import { valueText } from './text.ts';

/** The value of a setting; a list of several items is opened by whoever wants to see them. */
export function ValueText({ id, value }: { readonly id: string; readonly value: Setting['value'] }) {
  const { t, i18n } = useTranslation();
  const text = valueText(t, i18n.language, id, value);
  const items = text.split('\n');
  if (items.length === 1) return <span>{text}</span>;
  return (
    <details className={classes['details']}>
      <summary>{t('configure:sources', { count: items.length })}</summary>
      <div className={classes['preLine']}>{text}</div>
    </details>
  );
}
