import { Modal, type ModalProps, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface FormDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly size?: ModalProps['size'];
  /** What the button that closes is called; "Close" unless given. */
  readonly closeLabel?: string;
  /** Called by Enter in a field and by the button of type `submit`; owns what it starts. */
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

/** A dialog whose content is one form, its pieces one below the other. */
export function FormDialog({ opened, onClose, title, size, closeLabel, onSubmit, children }: FormDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      {...(size === undefined ? {} : { size })}
      closeButtonProps={{ 'aria-label': closeLabel ?? t('ui:close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <Stack gap="sm">{children}</Stack>
      </form>
    </Modal>
  );
}
