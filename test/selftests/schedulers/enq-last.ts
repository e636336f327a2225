// Asks for the last task of a CPU and has no enqueue() to get it.
import { scheduler, SCX_OPS_ENQ_LAST } from 'scxts';

export default scheduler({ name: 'enq_last', flags: SCX_OPS_ENQ_LAST });
