import { Button } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { SealedPlanView } from '../../../../shared/contract/password-calls.ts';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import { navigate } from '../../../app/router.ts';
import { HandOffSteps } from '../../../ui/hand-off-steps.tsx';
import lists from '../../../ui/lists.module.css';
import { Section } from '../../../ui/page.tsx';
import { ProblemCard } from '../../../ui/problem-card.tsx';
import { printElement } from '../change/print.ts';
import { useSheetHeading } from '../change/use-sheet-heading.ts';
import classes from '../configure.module.css';
import { noteSealed } from './store.ts';

type SealedMeter = SealedPlanView['meters'][number];

interface SealedSheetsProps {
  readonly sealed: SealedPlanView;
  readonly meters: readonly ListedMeter[];
}

/** What was sealed for many meters: one sheet for each, to print at once, and the way to the meter where the passwords are set. */
export function SealedSheets({ sealed, meters }: SealedSheetsProps) {
  const { t } = useTranslation();
  const sheets = useRef<HTMLDivElement>(null);
  const top = useRef<HTMLParagraphElement>(null);
  const placeOf = ({ identity }: SealedMeter): ListedMeter | undefined =>
    meters.find((meter) => meter.identity?.serial === identity.serial);
  useEffect(() => {
    // The pane of each meter knows the file then, with its own part of the plan.
    for (const own of sealed.meters) {
      const meter = meters.find(({ identity }) => identity?.serial === own.identity.serial);
      if (meter !== undefined) noteSealed(meter.id, { ...sealed, meters: [own] });
    }
  }, [sealed, meters]);
  useEffect(() => top.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <Section
      title={t('passwords:many.sealed', { count: sealed.meters.length })}
      actions={
        <Button
          variant="default"
          leftSection={<IconPrinter size={15} />}
          onClick={() => {
            if (sheets.current !== null) printElement(sheets.current, t('passwords:many.sheets'));
          }}
        >
          {t('passwords:many.print')}
        </Button>
      }
    >
      <div className={classes['stack']}>
        <p ref={top} className={classes['notice']} role="status">
          {t('passwords:many.file', { file: sealed.file })}
        </p>
        {sealed.failed.map(({ host, problem }) => (
          <ProblemCard key={host} problem={{ ...problem, title: `${host}: ${problem.title}` }} />
        ))}
        <div className={lists['tableWrap']}>
          <table className={lists['table']} aria-label={t('passwords:many.table')}>
            <thead>
              <tr>
                <th scope="col">{t('configure:many.meter')}</th>
                <th scope="col">{t('passwords:many.heldTo')}</th>
                <th scope="col">{t('passwords:users.user')}</th>
                <th scope="col">{t('passwords:sealed.way')}</th>
              </tr>
            </thead>
            <tbody>
              {sealed.meters.map((own) => (
                <SealedRow key={`${own.host} ${own.identity.serial}`} own={own} meter={placeOf(own)} />
              ))}
            </tbody>
          </table>
        </div>
        <div ref={sheets} className={classes['stack']}>
          {sealed.meters.map((own) => {
            const meter = placeOf(own);
            return meter !== undefined && <Sheet key={meter.id} own={own} meter={meter} />;
          })}
        </div>
      </div>
    </Section>
  );
}

function SealedRow({ own, meter }: { readonly own: SealedMeter; readonly meter: ListedMeter | undefined }) {
  const { t } = useTranslation();
  const { identity, host, policy, users } = own;
  const name = identity.name ?? host;
  const ways = [...new Set(users.map(({ channel }) => channel))];
  return (
    <tr>
      <th scope="row">
        {meter === undefined ? (
          name
        ) : (
          <button
            type="button"
            className={classes['rowButton']}
            onClick={() => navigate('meter', meter.id, 'configure', 'security')}
          >
            {name}
          </button>
        )}
        <div className="mw-quiet">{identity.serial}</div>
      </th>
      <td>
        {t('passwords:many.policyOf', {
          complexity: t(`rules:complexity.${policy.complexity}`),
          length: policy.minimumLength,
        })}
      </td>
      <td>{users.map(({ user }) => user).join(', ')}</td>
      <td>{ways.map((way) => t(`rules:channel.${way}`)).join(', ')}</td>
    </tr>
  );
}

/** The sheet of one meter, a page of its own on paper. */
function Sheet({ own, meter }: { readonly own: SealedMeter; readonly meter: ListedMeter }) {
  const heading = useSheetHeading(meter, own.identity);
  return (
    <section className="mw-sheet" aria-label={heading}>
      <p>
        <strong>{heading}</strong>
      </p>
      <HandOffSteps handOff={own.handOff} />
    </section>
  );
}
