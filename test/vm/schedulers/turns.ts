// Never attached as a scheduler: its sampling program, which does nothing, gives every CPU a timer of its own. With a
// clock that counts instructions QEMU lets an emulated CPU run until a timer of the guest expires while the others stand
// still; with none but ticks that is some ms, which whoever interrupts another CPU would seem to wait.
import { perf_event, scheduler } from 'scxts';

export const on_turn = perf_event('cpu-clock', () => {}, { freq: 5000 });

export default scheduler({ name: 'turns' });
