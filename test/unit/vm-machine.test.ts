import { describe, expect, it } from 'vitest';
import {
  checkMachine,
  kernelCommandLine,
  qemuArguments,
  topologyCpus,
} from '../../vm/qemu/arguments.js';
import { findQemu } from '../../vm/qemu/find.js';

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
