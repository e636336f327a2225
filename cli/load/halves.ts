import { register } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openObject, type Halves } from '../../native/runtime/index.js';

/**
 * The userspace halves of the components of an object: the object names their modules. TypeScript is
 * transpiled, so the compiler is loaded only where there is a half.
 */
export async function halvesOf(objectPath: string): Promise<Halves> {
  using open = openObject(objectPath);
  const components = open.info.components();
  if (components.some((c) => c.half !== '')) register('../loader.js', import.meta.url);
  const halves: Record<string, Halves[string]> = {};
  for (const { name, half } of components)
    halves[name] = half === '' ? null : await importHalf(name, half, resolve(objectPath));
  return halves;
}

async function importHalf(
  component: string,
  specifier: string,
  object: string,
): Promise<Halves[string]> {
  const parent = pathToFileURL(join(dirname(object), 'scheduler.js')).href;
  let module: { default?: Halves[string] };
  try {
    module = (await import(
      `scxts-from:${encodeURIComponent(parent)}:${specifier}`
    )) as typeof module;
  } catch (error) {
    throw new Error(
      `the userspace half of component '${component}' cannot be imported: ${(error as Error).message}\n  hint: '${specifier}' is looked for from ${dirname(object)}; install its package there`,
      { cause: error },
    );
  }
  if (typeof module.default?.load === 'function') return module.default;
  throw new Error(
    `the userspace half of component '${component}' ('${specifier}') has no userspaceHalf() as its default export`,
  );
}
