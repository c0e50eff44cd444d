import { Button } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { HandOff } from '../../../../shared/domain/hand-off.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { HandOffSteps } from '../../../ui/hand-off-steps.tsx';
import classes from '../configure.module.css';
import { printElement } from './print.ts';

interface ChangeSheetProps {
  readonly handOff: HandOff;
  /** What stands above a printed sheet: which meter, and when. */
  readonly heading: string;
}

/** What is left for a person to do in ION Setup, to follow on the screen, to copy or to print. */
export function ChangeSheet({ handOff, heading }: ChangeSheetProps) {
  const { t } = useTranslation();
  const sheet = useRef<HTMLDivElement>(null);
  return (
    <div className={classes['stack']}>
      <div ref={sheet}>
        <HandOffSteps handOff={handOff} />
      </div>
      <div className={classes['bar']}>
        <CopyButton text={sheetText(handOff, heading)} label={t('configure:sheet.copy')} />
        <Button
          variant="default"
          leftSection={<IconPrinter size={15} />}
          onClick={() => {
            if (sheet.current !== null) printElement(sheet.current, heading);
          }}
        >
          {t('configure:sheet.print')}
        </Button>
      </div>
    </div>
  );
}

/** A change sheet as plain text. */
function sheetText({ title, steps, watch }: HandOff, heading: string): string {
  const lines = steps.flatMap(({ text, values }, index) => [
    `${index + 1}. ${text}`,
    ...values.map(({ label, value }) => `   ${label}: ${value}`),
  ]);
  return [heading, title, '', ...lines, '', watch].join('\n');
}
