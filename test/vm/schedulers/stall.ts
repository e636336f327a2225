import { scheduler, type u64 } from 'scxts';

let kept: u64 = 0;

// Keeps every task to itself: the kernel's watchdog has to end it.
export default scheduler({
  name: 'stall',
  timeout_ms: 1500,
  enqueue() {
    kept += 1;
  },
});
