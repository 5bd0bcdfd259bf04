// The component defaults that make Mantine look like a dense desktop app; colours and sizes are in styles.css.
import { createTheme, type MantineThemeOverride } from '@mantine/core'

/** Height of buttons and inputs, in pixels. */
const CONTROL = '28px'

/** The provider writes no variables of its own (`withCssVariables={false}`): styles.css sets them, in the bundle. */
export const theme: MantineThemeOverride = createTheme({
  primaryColor: 'blue',
  defaultRadius: 'sm',
  cursorType: 'default',
  respectReducedMotion: true,
  components: {
    Button: {
      defaultProps: { size: 'xs', variant: 'default' },
      vars: () => ({ root: { '--button-height': CONTROL, '--button-padding-x': '10px', '--button-fz': '13px' } }),
    },
    ActionIcon: { defaultProps: { size: 24, variant: 'subtle', color: 'gray' } },
    TextInput: {
      defaultProps: { size: 'xs' },
      vars: () => ({ wrapper: { '--input-height': CONTROL, '--input-size': CONTROL, '--input-fz': '13px' } }),
    },
    PasswordInput: {
      defaultProps: { size: 'xs' },
      vars: () => ({ root: {}, wrapper: { '--input-height': CONTROL, '--input-size': CONTROL, '--input-fz': '13px' } }),
    },
    NativeSelect: {
      defaultProps: { size: 'xs' },
      vars: () => ({ wrapper: { '--input-height': CONTROL, '--input-size': CONTROL, '--input-fz': '13px' } }),
    },
    Checkbox: { defaultProps: { size: 'xs' } },
    Radio: { defaultProps: { size: 'xs' } },
    InputDescription: { vars: () => ({ description: { '--input-description-size': '12px' } }) },
    InputError: { vars: () => ({ error: { '--input-error-size': '12px' } }) },
    // Its own size would be two pixels smaller.
    InputWrapper: {
      vars: () => ({
        label: {},
        description: { '--input-description-size': '12px' },
        error: { '--input-error-size': '12px' },
      }),
    },
    // The page never scrolls, so nothing has to be locked; the lock would add a style element of its own.
    Modal: {
      defaultProps: {
        lockScroll: false,
        centered: true,
        radius: 'md',
        shadow: 'md',
        padding: 'md',
        overlayProps: { backgroundOpacity: 0.35 },
        transitionProps: { duration: 90 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    Tooltip: { defaultProps: { openDelay: 350, multiline: true, maw: 480, transitionProps: { duration: 60 } } },
    Menu: { defaultProps: { shadow: 'sm', radius: 'sm', transitionProps: { duration: 60 } } },
  },
})
