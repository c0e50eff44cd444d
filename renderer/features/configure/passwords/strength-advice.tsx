import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Chip, type Tone } from '../../../ui/chips/chip.tsx';
import classes from '../configure.module.css';
import { passwordStrength, type Strength } from '../strength.ts';

const TONES: Readonly<Record<Strength['score'], Tone>> = { 0: 'danger', 1: 'danger', 2: 'warn', 3: 'ok', 4: 'ok' };

interface StrengthAdviceProps {
  readonly password: string;
  readonly names: readonly string[];
}

/** How hard a password is to guess: advice, which never stands in the way. */
export function StrengthAdvice({ password, names }: StrengthAdviceProps) {
  const { t } = useTranslation();
  const [found, setFound] = useState<{ readonly of: string; readonly strength: Strength | null } | null>(null);
  const known = names.join('\n');
  useEffect(() => {
    if (password === '') return setFound(null);
    let current = true;
    void passwordStrength(password, known.split('\n')).then((strength) => {
      if (current) setFound({ of: password, strength });
    });
    return () => {
      current = false;
    };
  }, [password, known]);
  if (password === '' || found === null || found.of !== password) return null;
  const { strength } = found;
  if (strength === null) return <p className="mw-quiet">{t('passwords:strength.none')}</p>;
  return (
    <div aria-live="polite">
      <Chip tone={TONES[strength.score]}>{t(strength.text)}</Chip>{' '}
      <span className="mw-quiet">{t('passwords:strength.advice')}</span>
      <ul className={classes['lines']}>
        {[...(strength.warning === null ? [] : [strength.warning]), ...strength.suggestions].map((key) => (
          <li key={key} className="mw-quiet">
            {t(key)}
          </li>
        ))}
      </ul>
    </div>
  );
}
