import { create } from 'zustand';

/** Whether the command palette was asked for since the page was loaded; it is not there before. */
export const usePaletteAsked = create<{ readonly asked: boolean }>(() => ({ asked: false }));

/** Opens the command palette. */
export function openPalette(): void {
  usePaletteAsked.setState({ asked: true });
  void import('./palette.tsx').then(({ palette }) => palette.open());
}
