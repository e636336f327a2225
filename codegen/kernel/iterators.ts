/** The iterators of loops over kernel objects, as programs declare them: opaque, of the kernel's size. */
export const ITERATOR_STRUCTS: Readonly<Record<string, string>> = {
  scx_dsq: opaque('scx_dsq', 6),
  css: opaque('css', 3),
  task: opaque('task', 3),
};

function opaque(name: string, words: number): string {
  return `struct bpf_iter_${name} {\n\tu64 __opaque[${words}];\n} __attribute__((aligned(8)));`;
}
