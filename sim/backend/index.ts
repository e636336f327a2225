import type { NativeMap } from '../../native/runtime/addon.js';
import type { Backend } from '../../native/runtime/backend.js';
import { kernelFacts } from './describe.js';
import { BackendError } from './errors.js';
import { ModelMap } from './map.js';
import { ModelObject } from './object.js';
import type { ModelMachine } from './types.js';

export type { ModelMachine, Stoppable } from './types.js';

/** A modelled machine as a kernel for the runtime: `Skel.open({ kernel: backend(machine) })`. */
export function backend(machine: ModelMachine): Backend {
  const { space, host } = machine;
  const facts = (...asked: [string[], string[], string[], string[]]) =>
    kernelFacts(space, ...asked);
  return {
    addon: {
      BpfObject: class extends ModelObject {
        constructor(bytes: Uint8Array, name: string) {
          super(machine, bytes, name);
        }
      },
      mapById(id): NativeMap {
        const map = space.maps.find(id);
        if (!map) throw new BackendError('ERR_MAP', 2, `there is no map with id ${id}`);
        return new ModelMap(map, machine);
      },
      kernelFacts: facts,
      kernelFactsAsync: (...asked) => Promise.resolve(facts(...asked)),
    },
    clock: machine.clock,
    sysfs: machine.sysfs,
    file: (path) => machine.file(path),
    openTask(pid) {
      const task = host.taskOfPid(pid);
      if (task) return task;
      throw new BackendError(
        'ERR_NO_PROCESS',
        3,
        `the modelled machine has no task with pid ${pid}`,
      );
    },
    openCgroup(path) {
      const cgroup = machine.cgroupOfPath(path);
      if (cgroup) return cgroup;
      throw noCgroup(path);
    },
    closeOwner: () => undefined,
    cgroupId(path) {
      const id = machine.cgroupIdOfPath(path);
      if (id !== undefined) return id;
      throw noCgroup(path);
    },
    preflight: () => undefined,
    isModel: true,
  };
}

function noCgroup(path: string): BackendError {
  return new BackendError('ENOENT', 2, `the modelled machine has no cgroup ${path}`);
}
