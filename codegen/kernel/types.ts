/** Where the kernel lets a function be called: scheduler callbacks by name, or other program kinds. */
export type Context =
  'select_cpu' | 'enqueue' | 'dispatch' | 'cpu_release' | 'dump' | 'init' | 'unlocked';

export interface KernelParam {
  name: string;
  ctype: string;
  nullable?: boolean;
  /** Written by the kernel: becomes a field of the result. */
  out?: boolean;
  /** Not part of the DSL: the C expression that is passed. */
  hidden?: string;
  trusted?: boolean;
}

export interface KernelFunction {
  /** The newest kernel's name, which is the DSL's. */
  name: string;
  kind: 'kfunc' | 'helper' | 'inline';
  params: KernelParam[];
  returns: {
    ctype: string;
    /** Field of the result that holds the return value, where there are out-parameters. */
    name?: string;
    nullable?: boolean;
    /** Function that releases the result. */
    acquire?: string;
    rcu?: boolean;
    untrusted?: boolean;
  };
  sleepable?: boolean;
  /** Undefined: anywhere. `enqueue@6.16` holds from that kernel on. */
  contexts?: string[];
  /** First kernel on which a program that calls it loads, fallbacks counted. */
  since: string;
  until?: string;
  /** C function that is called instead, defined by `c`. */
  wrapper?: string;
  /** What the DSL says it returns, where that does not follow from the C type. */
  dslReturns?: string;
  /** C text of the wrapper: the fallbacks for older kernels, or an inline function. */
  c?: string;
  /** Declarations that `c` needs. */
  externs?: string[];
  /** Kernel structs that `c` touches, as C declarations. */
  structs?: string[];
  doc: string;
}
