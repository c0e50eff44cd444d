import { Button, Group, Stack, Textarea } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Gate } from '../../shared/domain/gate.ts';
import { VerdictChip } from './chips/verdict-chip.tsx';
import { ConfirmByTyping } from './confirm-by-typing.tsx';
import classes from './gate-row.module.css';
import { gateWordsOf } from './problem-words.ts';
import { EngineText } from './text/engine-text.tsx';

interface GateRowProps {
  readonly gate: Gate;
  /** The reason that was given for going on in spite of it. */
  readonly override?: string;
  /** Takes a reason, or null to take it back. Where it is missing nobody can override here. */
  readonly onOverride?: (reason: string | null) => void;
  readonly onCheckAgain?: () => void;
  readonly checking?: boolean;
  /** True when somebody was sent here: the row comes into view, takes the focus and is marked. */
  readonly highlight?: boolean;
}

/** One check before an upgrade: what it says, why, what to do about it, and how to answer it. */
export function GateRow({
  gate,
  override,
  onOverride,
  onCheckAgain,
  checking = false,
  highlight = false,
}: GateRowProps) {
  const { t } = useTranslation();
  const title = useId();
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    if (highlight) row.current?.focus();
  }, [highlight]);
  const answerable = (gate.verdict === 'warn' || gate.verdict === 'unknown') && onOverride !== undefined;
  return (
    <article
      ref={row}
      className={classes['row']}
      data-verdict={gate.verdict}
      data-highlight={highlight}
      aria-labelledby={title}
      aria-busy={checking}
      tabIndex={-1}
    >
      <div className={classes['verdict']}>
        <VerdictChip verdict={gate.verdict} />
      </div>
      <div className={classes['words']}>
        <h3 id={title} className={classes['title']}>
          {t(`domain:gate.${gate.id}`)}
        </h3>
        <p>
          <EngineText words={gateWordsOf(gate.id, gate.because, t)} />
        </p>
        {gate.fix !== '' && (
          <p>
            <strong>{t('ui:gate.fix')}</strong> <EngineText words={gateWordsOf(gate.id, gate.fix, t)} />
          </p>
        )}
        {gate.verdict === 'block' && <p className="mw-quiet">{t('ui:gate.noOverride')}</p>}
        {answerable && override !== undefined && (
          <Group gap="xs">
            <span>{t('ui:gate.overridden', { reason: override })}</span>
            <Button variant="subtle" onClick={() => onOverride(null)}>
              {t('ui:gate.takeBack')}
            </Button>
          </Group>
        )}
        {answerable && override === undefined && <Answer gate={gate} onOverride={onOverride} />}
      </div>
      {onCheckAgain !== undefined && (
        <Button
          variant="default"
          leftSection={<IconRefresh size={14} />}
          loading={checking}
          onClick={onCheckAgain}
          aria-label={t('ui:gate.checkAgainName', { gate: t(`domain:gate.${gate.id}`) })}
        >
          {t('ui:gate.checkAgain')}
        </Button>
      )}
    </article>
  );
}

function Answer({ gate, onOverride }: { readonly gate: Gate; readonly onOverride: (reason: string) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [early, setEarly] = useState(false);
  if (!open) {
    return (
      <div>
        <Button variant="default" onClick={() => setOpen(true)}>
          {t('ui:gate.goOn')}
        </Button>
      </div>
    );
  }
  const close = () => {
    setOpen(false);
    setEarly(false);
  };
  const { confirm } = gate;
  if (confirm !== undefined) {
    return (
      <ConfirmByTyping
        text={confirm}
        action={t('ui:gate.accept')}
        onConfirm={() => onOverride(confirm)}
        onCancel={close}
      />
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() === '') setEarly(true);
        else onOverride(reason.trim());
      }}
    >
      <Stack gap="xs">
        <Textarea
          label={t('ui:gate.reason')}
          description={t('ui:gate.reasonWhere')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={early && reason.trim() === '' ? t('ui:gate.reasonMissing') : undefined}
          maxLength={1000}
          autosize
          minRows={2}
          maw={520}
        />
        <Group gap="xs">
          <Button type="submit">{t('ui:gate.accept')}</Button>
          <Button variant="default" onClick={close}>
            {t('ui:cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
