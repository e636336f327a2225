import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../root.js';
import { diagnosticsDocument } from './document.js';

writeFileSync(join(packageRoot(), 'docs', 'diagnostics.md'), diagnosticsDocument());
