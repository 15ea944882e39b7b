import { useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import { classes } from '@/components';
import css from './Navigation.module.css';

const SCHEMES = {
  auto: { label: 'As the system', icon: IconDeviceDesktop, next: 'light' },
  light: { label: 'Light', icon: IconSun, next: 'dark' },
  dark: { label: 'Dark', icon: IconMoon, next: 'auto' },
} as const;

/** Steps through the appearances: as the system, light, dark. */
export function SchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { label, icon: Icon, next } = SCHEMES[colorScheme];
  return (
    <button
      type="button"
      className={classes(css.link, css.scheme)}
      onClick={() => setColorScheme(next)}
      title={`Change to: ${SCHEMES[next].label.toLowerCase()}`}
    >
      <Icon size={16} stroke={1.75} aria-hidden="true" />
      <span>
        <span className="unseen">Appearance: </span>
        {label}
      </span>
    </button>
  );
}
