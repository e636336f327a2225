import { scheduler, kconfig, type u32, type u64 } from 'scxts';

const HZ = kconfig<u32>('CONFIG_HZ');
let ticks: u64 = 0;

export default scheduler({
  name: 'kconfig',
  tick() {
    ticks += HZ;
  },
});
