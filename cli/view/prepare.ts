import { bundleOf, PAGES } from './bundle.js';

/** `npm run build:pages`: the npm package carries the pages' scripts, so that it needs no bundler. */
for (const page of PAGES) await bundleOf(page);
