/** One way to do what a function of the kernel does. */
export interface Way {
  /** The symbol that a kernel must have for it; undefined where any has what it takes. */
  symbol?: string;
  /** The symbol is an old name, which the language does not have. */
  old?: true;
  /** Declarations that it needs, that of the symbol first. */
  externs: string[];
  /** Other functions of the kernel table that it calls. */
  calls?: string[];
  /** Kernel structs that it touches: C declarations, or `scx:` and a field of a task. */
  structs?: string[];
  /** Statements; the function's parameters are there under their names. */
  c: string;
  /** It ends the scheduler with a message. */
  complains?: true;
  /** It does not return: what `result` says follows. */
  goesOn?: true;
}

/** How C calls a function of the kernel that not all kernels have under that name, or that C cannot call as it is. */
export interface Compat {
  wrapper: string;
  /** What a reader wants to know. */
  comment?: string;
  /** `RETURNS NAME(PARAMETERS)` where it is not on one line. */
  head?: string;
  /** Newest kernel first. */
  ways: Way[];
  /** The result where a way does not return one itself. */
  result?: string;
}
