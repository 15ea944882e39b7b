import { type CSSVariablesResolver, createTheme, rem } from '@mantine/core';
import { dark, fixed, light } from './tokens';

const withPrefix = (tokens: Record<string, string>) =>
  Object.fromEntries(Object.entries(tokens).map(([name, value]) => [`--db-${name}`, value]));

const mantineNames = (tokens: typeof light) => ({
  '--mantine-color-body': tokens.bg,
  '--mantine-color-text': tokens.text,
  '--mantine-color-default': tokens.surface,
  '--mantine-color-default-hover': tokens.hover,
  '--mantine-color-default-color': tokens.text,
  '--mantine-color-default-border': tokens.line,
  '--mantine-color-dimmed': tokens['text-3'],
  '--mantine-color-placeholder': tokens['text-3'],
  '--mantine-color-anchor': tokens['accent-ink'],
  '--mantine-color-error': tokens.rejected,
});

/** Puts the tokens where CSS finds them; production stands outside the schemes, so that none can change it. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: withPrefix(fixed),
  light: { ...withPrefix(light), ...mantineNames(light) },
  dark: { ...withPrefix(dark), ...mantineNames(dark) },
});

export const theme = createTheme({
  primaryColor: 'bridge',
  primaryShade: { light: 7, dark: 6 },
  colors: {
    bridge: [
      '#EFEFFC',
      '#DEDEF8',
      '#C7C8F4',
      '#A9AAF8',
      '#8586EA',
      '#6E6FE0',
      '#6061D6',
      '#5152C8',
      '#4344B2',
      '#353692',
    ],
    gray: [
      '#F5F6F8',
      '#EEF0F4',
      '#E3E6EC',
      '#CDD2DB',
      '#B3BAC6',
      '#838B9B',
      '#616979',
      '#464D5B',
      '#2B303B',
      '#171A22',
    ],
    dark: [
      '#E9EBF0',
      '#B4BAC7',
      '#8E96A6',
      '#717A8B',
      '#39404E',
      '#272C37',
      '#1C2029',
      '#161920',
      '#0F1116',
      '#0B0D11',
    ],
  },
  black: '#171A22',
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: '"JetBrains Mono Variable", ui-monospace, "SF Mono", Consolas, monospace',
  fontSizes: { xs: rem(11), sm: rem(12), md: rem(13), lg: rem(14), xl: rem(16) },
  lineHeights: { xs: rem(16), sm: rem(16), md: rem(20), lg: rem(20), xl: rem(24) },
  fontWeights: { regular: '420', medium: '520', bold: '620' },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: rem(16), lineHeight: rem(24) },
      h2: { fontSize: rem(14), lineHeight: rem(20) },
      h3: { fontSize: rem(13), lineHeight: rem(20) },
    },
  },
  spacing: { xs: rem(4), sm: rem(8), md: rem(12), lg: rem(16), xl: rem(24) },
  radius: { xs: rem(4), sm: rem(6), md: rem(8), lg: rem(12) },
  defaultRadius: 'sm',
  shadows: {
    xs: 'var(--db-shadow-1)',
    sm: 'var(--db-shadow-1)',
    md: 'var(--db-shadow-2)',
    lg: 'var(--db-shadow-3)',
    xl: 'var(--db-shadow-3)',
  },
  respectReducedMotion: true,
  focusRing: 'auto',
  cursorType: 'default',
  autoContrast: false,
  components: {
    Button: { defaultProps: { size: 'sm', variant: 'default' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    SegmentedControl: { defaultProps: { size: 'sm' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    Table: { defaultProps: { verticalSpacing: 0 } },
    Modal: {
      defaultProps: {
        radius: 'lg',
        centered: true,
        transitionProps: { duration: 180, transition: 'fade' },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false } },
    Menu: { defaultProps: { shadow: 'xl' } },
  },
});
