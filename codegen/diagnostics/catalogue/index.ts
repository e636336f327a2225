import './files.js';
import './kernel.js';
import './ownership.js';
import './stack.js';
import './state.js';
import './syntax.js';
import './toolchain.js';
import './types.js';
