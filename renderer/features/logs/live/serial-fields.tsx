import { NumberInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DlmsRequest } from '../../../../shared/contract/dlms.ts';

/** HDLC over an optical head or an RS-485 adapter. */
export type SerialLine = Extract<DlmsRequest['link'], object>;

interface SerialFieldsProps {
  readonly line: SerialLine;
  readonly onLine: (line: SerialLine) => void;
}

/** The port of this PC, its speed, and the unit id that the port of the meter has. */
export function SerialFields({ line, onLine }: SerialFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t('logs:live.serialPort')}
        placeholder={t('logs:live.serialExample')}
        w={170}
        maxLength={1_000}
        value={line.path}
        error={line.path.trim() === '' ? t('logs:live.needPort') : undefined}
        onChange={(event) => onLine({ ...line, path: event.currentTarget.value })}
      />
      <NumberInput
        label={t('logs:live.baudRate')}
        min={300}
        max={921_600}
        clampBehavior="blur"
        allowDecimal={false}
        value={line.baudRate}
        onChange={(value) => typeof value === 'number' && value >= 300 && onLine({ ...line, baudRate: value })}
      />
      <NumberInput
        label={t('logs:live.unitId')}
        min={0}
        max={16_383}
        allowDecimal={false}
        value={line.physicalAddress}
        onChange={(value) => typeof value === 'number' && onLine({ ...line, physicalAddress: value })}
      />
    </>
  );
}
