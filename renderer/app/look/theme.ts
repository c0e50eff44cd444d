import type {
  ActionIconProps,
  ButtonProps,
  CheckboxProps,
  CSSVariablesResolver,
  DrawerProps,
  LoaderProps,
  MantineColorsTuple,
  MantineThemeOverride,
  ModalProps,
  NumberInputProps,
  PasswordInputProps,
  SelectProps,
  TabsProps,
  TextareaProps,
  TextInputProps,
  TooltipProps,
} from '@mantine/core';
import { keepFocus } from './keep-focus.ts';

/** The one colour of action: the blue-green of old instrument panels. Red stays free for danger. */
const petrol: MantineColorsTuple = [
  '#e6f3f7',
  '#d0e6ee',
  '#a5d0df',
  '#76b9cf',
  '#52a7c2',
  '#348fad',
  '#1a7896',
  '#0f637e',
  '#0a4f66',
  '#073c4e',
];

/** Cool greys; 6 to 9 are the grounds of the dark theme. */
const dark: MantineColorsTuple = [
  '#e3e9ed',
  '#c8d2d9',
  '#a6b3bd',
  '#75838e',
  '#4a5760',
  '#333e46',
  '#232b31',
  '#191f24',
  '#11161a',
  '#0c1013',
];

/** Headings of dialogs and drawers, as those of sections. */
const TITLE = { fontSize: '15px', fontWeight: 600 };

/** Theme of Mantine: 13 to 14 px text, tight spacing, a visible focus, contrast of WCAG 2.2 AA in both schemes. */
export const theme: MantineThemeOverride = {
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.2,
  colors: { petrol, dark },
  // The system's own first: each name that a system does not know is looked for before the first text is painted.
  fontFamily: 'system-ui, "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: '"Cascadia Mono", Consolas, ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.4', xl: '1.3' },
  spacing: { xs: '6px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  defaultRadius: 'sm',
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '20px' }, h2: { fontSize: '15px' }, h3: { fontSize: '14px' } },
  },
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  // Plain objects: the function `extend` of a component would bring the component itself, needed on the first screen or not.
  components: {
    Button: { defaultProps: { size: 'xs' } satisfies ButtonProps },
    ActionIcon: { defaultProps: { variant: 'subtle', size: 28 } satisfies ActionIconProps },
    Checkbox: { defaultProps: { size: 'xs' } satisfies CheckboxProps },
    Drawer: {
      defaultProps: { onExitTransitionEnd: keepFocus } satisfies Partial<DrawerProps>,
      styles: { title: TITLE },
    },
    Loader: { defaultProps: { size: 'sm' } satisfies LoaderProps },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.5 },
        onExitTransitionEnd: keepFocus,
      } satisfies Partial<ModalProps>,
      styles: { title: TITLE },
    },
    NumberInput: { defaultProps: { size: 'xs' } satisfies NumberInputProps },
    PasswordInput: { defaultProps: { size: 'xs' } satisfies PasswordInputProps },
    Select: { defaultProps: { size: 'xs' } satisfies SelectProps },
    Tabs: { defaultProps: { keepMounted: false } satisfies TabsProps },
    Textarea: { defaultProps: { size: 'xs' } satisfies TextareaProps },
    TextInput: { defaultProps: { size: 'xs' } satisfies TextInputProps },
    Tooltip: {
      defaultProps: {
        openDelay: 300,
        events: { hover: true, focus: true, touch: false },
      } satisfies Partial<TooltipProps>,
    },
  },
};

/** Points the variables of Mantine at the tokens of the page, so that there is one palette. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--mw-surface)',
    '--mantine-color-text': 'var(--mw-text)',
    '--mantine-color-dimmed': 'var(--mw-quiet)',
    '--mantine-color-placeholder': 'var(--mw-quiet)',
    '--mantine-color-error': 'var(--mw-danger)',
    '--mantine-color-anchor': 'var(--mw-accent)',
    '--mantine-color-default-border': 'var(--mw-edge)',
    '--mantine-primary-color-light-color': 'var(--mw-accent)',
  };
  return { variables: {}, light: shared, dark: shared };
};
