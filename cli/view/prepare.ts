import { BUNDLES, bundleOf } from './bundle.js';

/** `npm run build:pages`: the npm package carries the pages' scripts, so that it needs no bundler. */
for (const name of BUNDLES) await bundleOf(name);
