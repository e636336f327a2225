import { button } from './dom.js';

/** Whether the page is dark: as the system is, until the button says otherwise. */
export function themeButton(changed: (dark: boolean) => void): {
  button: HTMLElement;
  dark: boolean;
} {
  const system = matchMedia('(prefers-color-scheme: dark)');
  let dark = system.matches;
  const apply = (): void => {
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
    changed(dark);
  };
  const made = button('◐', 'Dark or light', () => {
    dark = !dark;
    apply();
  });
  system.addEventListener('change', (e) => {
    dark = e.matches;
    apply();
  });
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  return { button: made, dark };
}
