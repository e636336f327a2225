import { describe, expect, it } from 'vitest';
import {
  checkMachine,
  kernelCommandLine,
  qemuArguments,
  topologyCpus,
} from '../../vm/qemu/arguments.js';
import { findQemu } from '../../vm/qemu/find.js';
import { readShape, wrongShape } from '../../vm/machine/shape.js';

describe('topologyCpus', () => {
  it.each([
    ['sockets=2', 2],
    ['sockets=2,cores=2,threads=2', 8],
    ['dies=2, cores=3', 6],
  ])('%s has %i', (text, cpus) => {
    expect(topologyCpus(text)).toBe(cpus);
  });
  it.each([
    '',
    'sockets',
    'sockets=0',
    'sockets=x',
    'cpus=2',
    'cores=2,cores=2',
    'sockets=2,maxcpus=8,',
  ])("refuses '%s'", (text) => {
    expect(() => topologyCpus(text)).toThrow(/is not a CPU topology/);
  });
});

describe('checkMachine', () => {
  it('takes the number of CPUs from the topology', () => {
    expect(checkMachine({ topology: 'sockets=2,cores=3' })).toMatchObject({
      cpus: 6,
      memoryMb: 1024,
    });
    expect(checkMachine({})).toMatchObject({ cpus: 2, memoryMb: 1024 });
  });
  it.each([
    [{ cpus: 0 }, /0 is no number of CPUs/],
    [{ cpus: 1.5 }, /1\.5 is no number of CPUs/],
    [{ memoryMb: 100 }, /too little/],
    [{ memoryMb: Number.NaN }, /too little/],
    [{ cpus: 4, topology: 'cores=2' }, /has 2 CPUs, not 4/],
    [{ icountShift: 11 }, /11 is no icount shift/],
    [{ cpus: 3, numaNodes: 2 }, /cannot be divided evenly/],
  ])('refuses %o', (machine, message) => {
    expect(() => checkMachine(machine)).toThrow(message);
  });
});

describe('qemuArguments', () => {
  it('divides CPUs and memory among NUMA nodes', () => {
    const args = qemuArguments(
      checkMachine({ cpus: 4, memoryMb: 1025, numaNodes: 2 }),
      'K',
      'tcg',
    ).join(' ');
    expect(args).toContain('-m 1024M');
    expect(args).toContain(
      'memory-backend-ram,size=512M,id=mem1 -numa node,nodeid=1,memdev=mem1,cpus=2-3',
    );
  });
  it('emulates on one thread, and uses KVM only when told', () => {
    const machine = checkMachine({ topology: 'sockets=2' });
    expect(qemuArguments(machine, 'K', 'tcg').join(' ')).toContain(
      '-accel tcg,thread=single -cpu max -smp 2,sockets=2',
    );
    expect(qemuArguments(machine, 'K', 'kvm').join(' ')).toContain('-accel kvm -cpu host');
  });
  it("takes Intel's CPU where there are dies, and QEMU's own elsewhere", () => {
    const cpu = (topology: string): string => {
      const args = qemuArguments(checkMachine({ topology }), 'K', 'tcg');
      return args[args.indexOf('-cpu') + 1]!;
    };
    expect(cpu('dies=2,cores=2')).toBe('max,vendor=GenuineIntel');
    expect(cpu('dies=1,cores=2')).toBe('max');
  });
  it('counts instructions instead of time when told', () => {
    const counted = checkMachine({ icountShift: 3 });
    expect(qemuArguments(counted, 'K', 'tcg').join(' ')).toContain('-icount shift=3,sleep=off');
    expect(qemuArguments(checkMachine({}), 'K', 'tcg')).not.toContain('-icount');
  });
  it('ends the machine on a panic or an oops, and adds what the caller wants', () => {
    expect(kernelCommandLine('quiet x=1')).toMatch(/ panic=-1 oops=panic .* quiet x=1$/);
  });
});

describe('findQemu', () => {
  it('says how to install it, and which machines it is for', () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      expect(() => findQemu('x64')).toThrow(
        expect.objectContaining({ hint: expect.stringContaining('apt-get install') as string }),
      );
    } finally {
      process.env['PATH'] = path;
    }
    expect(() => findQemu('arm64')).toThrow(/x86-64 only so far, not on arm64/);
  });
});

describe('the shape of a machine', () => {
  // What guest/init.sh says of two sockets with two cores of two threads each, the second node on the second socket.
  const report = '63 0-1 0:0:0 0:0:0 0:0:1 0:0:1 1:0:0 1:0:0 1:0:1 1:0:1'.split(' ');
  const topology = 'sockets=2,cores=2,threads=2';

  it('is read from what the guest reports', () => {
    expect(readShape(report)).toEqual({
      most: 64,
      cpus: 8,
      packages: 2,
      dies: 2,
      cores: 4,
      nodes: 2,
    });
    expect(readShape(['-', '-', '-:-:-'])).toMatchObject({ most: undefined, cpus: 1, nodes: 1 });
    expect(readShape(['63', '0,2-3', '0:0:0'])).toMatchObject({ nodes: 3 });
  });

  it('is accepted where it is what was asked for', () => {
    const machine = checkMachine({ topology, numaNodes: 2 });
    expect(wrongShape(machine, readShape(report), '6.12')).toBeUndefined();
    // Without a topology, only the number counts.
    const eight = checkMachine({ cpus: 8, numaNodes: 2 });
    expect(wrongShape(eight, readShape(report), '6.12')).toBeUndefined();
  });

  it.each([
    [{ cpus: 9 }, /8 CPUs instead of 9, 2 NUMA nodes instead of 1/],
    [{ topology: 'sockets=4,cores=2', numaNodes: 2 }, /2 sockets instead of 4, .*4 cores .* of 8/],
    [{ topology: 'sockets=2,dies=2,cores=2', numaNodes: 2 }, /2 dies instead of 4/],
    [{ topology: 'sockets=2,cores=4', numaNodes: 2 }, /4 cores instead of 8/],
    [{ topology, numaNodes: 4 }, /2 NUMA nodes instead of 4/],
    [{ topology }, /2 NUMA nodes instead of 1/],
  ])('is an error where it is not: %o', (wanted, message) => {
    expect(wrongShape(checkMachine(wanted), readShape(report), '6.12.117')?.message).toMatch(
      message,
    );
  });

  it('names the limit of the kernel where that is the reason', () => {
    const two = readShape(['1', '-', '0:0:0', '0:0:1']);
    const error = wrongShape(checkMachine({ cpus: 4 }), two, '6.12.117');
    expect(error?.hint).toMatch(/built for 2 CPUs at most \(CONFIG_NR_CPUS\)/);
  });

  it('is not looked at where the caller tells the kernel to change it', () => {
    for (const kernelArgs of ['maxcpus=2', 'quiet nosmt', 'nr_cpus=1 x', 'numa=off']) {
      const machine = checkMachine({ cpus: 16, kernelArgs });
      expect(wrongShape(machine, readShape(report), '6.12')).toBeUndefined();
    }
    const machine = checkMachine({ cpus: 16, kernelArgs: 'notmaxcpus=1' });
    expect(wrongShape(machine, readShape(report), '6.12')).toBeDefined();
  });
});
