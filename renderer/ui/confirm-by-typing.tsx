import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

interface ConfirmByTypingProps {
  /** What has to be typed, exactly. */
  readonly text: string;
  /** The words on the button. */
  readonly action: string;
  readonly onConfirm: () => void;
  readonly onCancel?: () => void;
  /** True where the step can destroy something. */
  readonly danger?: boolean;
}

/** A step that a person confirms by typing a text. The button is never dead: pressed early it says what is missing. */
export function ConfirmByTyping({ text, action, onConfirm, onCancel, danger = false }: ConfirmByTypingProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [early, setEarly] = useState(false);
  const right = typed.trim() === text;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (right) onConfirm();
        else setEarly(true);
      }}
    >
      <Stack gap="xs">
        <TextInput
          label={t('ui:confirm.label', { text })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={early && !right ? t('ui:confirm.missing', { text }) : undefined}
          autoComplete="off"
          spellCheck={false}
          maw={360}
        />
        <Group gap="xs">
          <Button type="submit" {...(danger ? { color: 'red.9' } : {})}>
            {action}
          </Button>
          {onCancel !== undefined && (
            <Button variant="default" onClick={onCancel}>
              {t('ui:cancel')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
