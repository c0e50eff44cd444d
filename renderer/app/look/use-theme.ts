import { useMantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';
import type { Theme } from '../../../shared/contract/shell/channels.ts';

/** The theme and a function to change it; the shell is told, so that what the system draws follows. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const theme = colorScheme === 'auto' ? 'system' : colorScheme;
  return [theme, (next) => setColorScheme(next === 'system' ? 'auto' : next)];
}

/** Tells the shell which theme holds. Used once, by the frame. */
export function useShellTheme(): void {
  const [theme] = useTheme();
  useEffect(() => {
    void window.meterwright.shell.setTheme(theme);
  }, [theme]);
}
