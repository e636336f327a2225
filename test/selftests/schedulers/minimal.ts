// No callback at all: the kernel does it.
import { scheduler } from 'scxts';

export default scheduler({ name: 'minimal' });
