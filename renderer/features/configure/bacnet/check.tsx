import { Button, Checkbox, Progress } from '@mantine/core';
import { IconPlayerStop, IconPrinter, IconTableExport, IconWifi } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BacnetSheetView } from '../../../../shared/contract/bacnet-calls.ts';
import type { AreaReadingView } from '../../../../shared/contract/settings-calls.ts';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import { bacnetAsRead } from '../../../../shared/domain/settings/as-read.ts';
import { DEFAULT_BACNET_PORT } from '../../../../shared/domain/settings/bacnet.ts';
import { engine } from '../../../engine/client.ts';
import { Section } from '../../../ui/page.tsx';
import { ProblemCard } from '../../../ui/problem-card.tsx';
import { ask, BUSY, IDLE, type Load, loaded, lost } from '../../ask.ts';
import { printElement } from '../change/print.ts';
import { useSheetHeading } from '../change/use-sheet-heading.ts';
import classes from '../configure.module.css';
import { BacnetSheet } from './sheet.tsx';

const NOBODY = { serial: null, firmware: null, simulated: false };

interface BacnetCheckProps {
  readonly meter: ListedMeter;
  /** The settings as they were read last; what is known of them is what the meter should say over BACnet/IP. */
  readonly reading: AreaReadingView | null;
}

/** Looks at the meter as the building automation will see it. Reads only. */
export function BacnetCheck({ meter, reading }: BacnetCheckProps) {
  const { t } = useTranslation();
  const now = bacnetAsRead(reading?.settings ?? []);
  const [sheet, setSheet] = useState<Load<BacnetSheetView>>(IDLE);
  const [done, setDone] = useState<{ readonly done: number; readonly of: number }>({ done: 0, of: 0 });
  const [over, setOver] = useState(false);
  const [said, setSaid] = useState('');
  const stop = useRef(new AbortController());
  const paper = useRef<HTMLDivElement>(null);
  const heading = useSheetHeading(meter, reading?.identity ?? NOBODY);
  useEffect(() => () => stop.current.abort(), []);
  const { bbmdAddress = null, bbmdPort } = now;

  const check = async () => {
    stop.current = new AbortController();
    const { signal } = stop.current;
    setSaid('');
    setDone({ done: 0, of: 0 });
    setSheet(BUSY);
    const expected = {
      ...(now.deviceId === undefined ? {} : { deviceId: now.deviceId }),
      ...(now.ethernetDeviceName === undefined ? {} : { deviceName: now.ethernetDeviceName }),
    };
    const foreign = over && bbmdAddress !== null ? { host: bbmdAddress, port: bbmdPort ?? DEFAULT_BACNET_PORT } : null;
    try {
      const events = await engine.bacnet.check({ address: meter.address, expected, foreign }, { signal });
      for await (const event of events) {
        if (event.type === 'progress') setDone({ done: event.done, of: event.of });
        else setSheet(loaded(event.result));
      }
    } catch (thrown) {
      setSheet(signal.aborted ? IDLE : { state: 'failed', problem: lost(thrown) });
    }
  };
  const save = async (found: BacnetSheetView) => {
    const file = await window.meterwright.shell.pickSaveFile('csv', `bacnet-${found.deviceId ?? 'sheet'}.csv`);
    if (file === null) return;
    const written = await ask(() => engine.bacnet.exportSheet({ file, sheet: found }));
    if (written.ok) setSaid(t('configure:check.exported', { file }));
    else setSheet({ state: 'failed', problem: written.problem });
  };
  const busy = sheet.state === 'busy';
  return (
    <Section title={t('configure:check.title')}>
      <div className={classes['stack']}>
        <p className={classes['note']}>{t('configure:check.about')}</p>
        {bbmdAddress !== null && (
          <Checkbox
            label={t('configure:check.foreign', { address: bbmdAddress })}
            checked={over}
            onChange={({ currentTarget: { checked } }) => setOver(checked)}
          />
        )}
        <div className={classes['bar']}>
          <Button variant="default" leftSection={<IconWifi size={15} />} loading={busy} onClick={() => void check()}>
            {t('configure:check.start')}
          </Button>
          {busy && (
            <Button
              variant="default"
              leftSection={<IconPlayerStop size={15} />}
              onClick={() => {
                stop.current.abort();
                setSheet(IDLE);
              }}
            >
              {t('configure:check.stop')}
            </Button>
          )}
          {sheet.state === 'ready' && (
            <Button
              variant="default"
              leftSection={<IconTableExport size={15} />}
              onClick={() => void save(sheet.value)}
            >
              {t('configure:check.export')}
            </Button>
          )}
          {sheet.state === 'ready' && (
            <Button
              variant="default"
              leftSection={<IconPrinter size={15} />}
              onClick={() => {
                if (paper.current !== null) printElement(paper.current, heading);
              }}
            >
              {t('configure:check.print')}
            </Button>
          )}
          <span className="mw-quiet" role="status">
            {said}
          </span>
        </div>
        {busy && done.of > 0 && (
          <div aria-live="polite">
            <Progress.Root size="lg">
              <Progress.Section value={(100 * done.done) / done.of} aria-label={t('configure:check.title')} />
            </Progress.Root>
            {t('configure:check.progress', done)}
          </div>
        )}
        {sheet.state === 'failed' && <ProblemCard problem={sheet.problem} onRetry={() => void check()} />}
        <div ref={paper}>{sheet.state === 'ready' && <BacnetSheet sheet={sheet.value} />}</div>
      </div>
    </Section>
  );
}
