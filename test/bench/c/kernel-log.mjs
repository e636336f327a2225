// What the kernel's log says of the end of a scheduler, the last time: objects that scxts did not build keep their reason elsewhere.
import { kernelLog } from '../../vm/guest-tools.mjs';

export function lastWords(name) {
  const said = [...kernelLog().matchAll(/\bsched_ext: (\w+): (.+)$/gm)].filter(
    ([, of]) => of === name,
  );
  return said.at(-1)?.[2] ?? '';
}
