import { Button } from '@mantine/core';
import { IconZoomIn, IconZoomOut, IconZoomReset } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface ZoomButtonsProps {
  /** 2 shows half as much, 0.5 twice as much. */
  readonly onZoom: (factor: number) => void;
  readonly onAll: () => void;
}

/** What the keys of a plot do, for a pointer. */
export function ZoomButtons({ onZoom, onAll }: ZoomButtonsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Button variant="default" leftSection={<IconZoomIn size={15} />} onClick={() => onZoom(2)}>
        {t('logs:trend.in')}
      </Button>
      <Button variant="default" leftSection={<IconZoomOut size={15} />} onClick={() => onZoom(0.5)}>
        {t('logs:trend.out')}
      </Button>
      <Button variant="default" leftSection={<IconZoomReset size={15} />} onClick={onAll}>
        {t('logs:trend.all')}
      </Button>
    </>
  );
}
