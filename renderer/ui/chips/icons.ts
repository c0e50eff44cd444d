/**
 * Icons of Tabler (MIT) for the chips, each drawn as one path: in a long table an icon that is one element, and the same element whichever it
 * shows, takes a fraction of the time of another.
 */
export const CHIP_ICONS = {
  'alert-triangle':
    'M12 9v4M10.363 3.591l-8.106 13.534a1.914 1.914 0 0 0 1.636 2.871h16.214a1.914 1.914 0 0 0 1.636 -2.87l-8.106 -13.536a1.914 1.914 0 0 0 -3.274 0M12 16h.01',
  'arrow-up': 'M12 5l0 14M18 11l-6 -6M6 11l6 -6',
  check: 'M5 12l5 5l10 -10',
  flask: 'M9 3l6 0M10 9l4 0M10 3v6l-4 11a.7 .7 0 0 0 .5 1h11a.7 .7 0 0 0 .5 -1l-4 -11v-6',
  help: 'M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0M12 17l0 .01M12 13.5a1.5 1.5 0 0 1 1 -1.5a2.6 2.6 0 1 0 -3 -4',
  'shield-x':
    'M13.252 20.601c-.408 .155 -.826 .288 -1.252 .399a12 12 0 0 1 -8.5 -15a12 12 0 0 0 8.5 -3a12 12 0 0 0 8.5 3a12 12 0 0 1 -.19 7.357M22 22l-5 -5M17 22l5 -5',
  x: 'M18 6l-12 12M6 6l12 12',
} as const;

/** The name of such an icon. */
export type ChipIcon = keyof typeof CHIP_ICONS;
