import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Blocker, blockersOf, DRAFT_STEPS, type Draft, type DraftStep } from './draft.ts';
import classes from './footer.module.css';
import { goTo } from './store.ts';

/**
 * Back and Next of a step. Next is never dead: pressed too early it names what is in the way, and puts the focus where the answer is given.
 * Made anew for each step.
 */
export function Footer({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  const [pressed, setPressed] = useState(false);
  const { step } = draft;
  const blockers = blockersOf(draft, step);
  const at = DRAFT_STEPS.indexOf(step);
  const before = DRAFT_STEPS[at - 1];
  const after = DRAFT_STEPS[at + 1];

  function next(): void {
    const [first] = blockers;
    if (first === undefined) {
      if (after !== undefined) goTo(after);
      return;
    }
    setPressed(true);
    focusOn(first.target);
  }

  return (
    <footer className={classes['footer']}>
      <div role="alert">
        {pressed && blockers.length > 0 && (
          <section className={classes['blocked']} aria-label={t('upgrade:nav.cannotGoOn')}>
            <strong>{t('upgrade:nav.cannotGoOn')}</strong>
            <ul>
              {blockers.map((blocker) => (
                <li key={`${blocker.target} ${blocker.key}`}>
                  <button type="button" className={classes['jump']} onClick={() => focusOn(blocker.target)}>
                    <BlockerText blocker={blocker} />
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      <Group justify="space-between">
        {before === undefined ? <span /> : <BackButton step={before} />}
        {after !== undefined && (
          <Button onClick={next}>{t('upgrade:nav.next', { step: t(`upgrade:steps.${after}`) })}</Button>
        )}
      </Group>
    </footer>
  );
}

function BackButton({ step }: { readonly step: DraftStep }) {
  const { t } = useTranslation();
  return (
    <Button variant="default" onClick={() => goTo(step)}>
      {t('upgrade:nav.back')}
    </Button>
  );
}

function BlockerText({ blocker }: { readonly blocker: Blocker }) {
  const { t } = useTranslation();
  const { gate, item, ...rest } = blocker.values ?? {};
  const named = {
    ...rest,
    ...(gate === undefined ? {} : { gate: t(`domain:gate.${gate}`) }),
    ...(item === undefined ? {} : { item: t(`domain:item.${item}`) }),
  };
  return <>{t(`upgrade:${blocker.key}`, named)}</>;
}

/** Puts the focus on an element, or on the first control in it, and brings it into view. */
function focusOn(id: string): void {
  const element = document.getElementById(id);
  if (element === null) return;
  const control = element.matches(FOCUSABLE) ? element : element.querySelector<HTMLElement>(FOCUSABLE);
  const aim = control ?? element;
  if (aim instanceof HTMLElement) {
    if (control === null) aim.tabIndex = -1;
    aim.focus();
  }
  element.scrollIntoView({ block: 'center' });
}

const FOCUSABLE = 'button, input:not([type="hidden"]), textarea, select, a[href], [tabindex]';
