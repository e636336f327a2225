// userland_component: decisions in TypeScript with the userland component, and nothing else.
//
// What becomes ready goes to the component, which asks a Node.js process; CPUs take what that released.
// examples/userland-component-policy.ts is a policy for it; docs/schedulers/userland-component.md says more.
import { scheduler } from 'scxts';
import { userland } from 'scxts/components/userland';

export default scheduler({
  name: 'userland_component',
  use: [userland],

  enqueue(p, enq_flags) {
    userland.enqueue(p, enq_flags);
  },

  dispatch(cpu, prev) {
    userland.dispatch(prev, cpu);
  },
});
