import { useTranslation } from 'react-i18next';
import type { PasswordsOutcomeView } from '../../../../shared/contract/password-calls.ts';
import type { PasswordOutcome } from '../../../../shared/domain/settings/passwords/change.ts';
import { Chip, type Tone } from '../../../ui/chips/chip.tsx';
import lists from '../../../ui/lists.module.css';
import { ProblemCard } from '../../../ui/problem-card.tsx';
import { ChangeSheet } from '../change/sheet.tsx';
import classes from '../configure.module.css';

const TONES: Readonly<Record<PasswordOutcome, Tone>> = {
  written: 'ok',
  verified: 'ok',
  refused: 'danger',
  'cannot-be-verified': 'warn',
  'by-hand': 'info',
  'not-tried': 'neutral',
};

interface PasswordResultsProps {
  readonly outcome: PasswordsOutcomeView;
  readonly heading: string;
}

/** What came of every password, what became of the login of this program, and what is left to do by hand. */
export function PasswordResults({ outcome, heading }: PasswordResultsProps) {
  const { t } = useTranslation();
  const { results, problem, login, handOff } = outcome;
  return (
    <div className={classes['stack']} aria-live="polite">
      {problem !== null && <ProblemCard problem={problem} />}
      <div className={lists['tableWrap']}>
        <table className={lists['table']} aria-label={t('passwords:results.title')}>
          <thead>
            <tr>
              <th scope="col">{t('passwords:users.user')}</th>
              <th scope="col">{t('configure:outcome.outcome')}</th>
              <th scope="col">{t('configure:outcome.because')}</th>
            </tr>
          </thead>
          <tbody>
            {results.map(({ user, outcome: came, because }) => (
              <tr key={user}>
                <th scope="row">{user}</th>
                <td>
                  <Chip tone={TONES[came]}>{t(`passwords:outcome.${came}`)}</Chip>
                </td>
                <td className="mw-quiet">{because}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {login !== 'as-it-was' && (
        <p className={classes['notice']} {...(login === 'forgotten' ? { 'data-tone': 'warn' } : {})}>
          {t(`passwords:login.${login}`)}
        </p>
      )}
      {handOff !== null && <ChangeSheet handOff={handOff} heading={heading} />}
    </div>
  );
}
