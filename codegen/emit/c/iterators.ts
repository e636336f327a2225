import type { IteratorKind } from '../../ir/nodes.js';
import { canBeUncallable } from '../../kernel/index.js';
import { KERNEL_WALKS, isKernelWalk, type WalkKind } from '../../kernel/iterators.js';
import { complaint } from './compat/uncallable.js';
import type { Requests } from './requests.js';

/** The macro that opens a loop, with all that it needs asked for. */
export function loopMacro(kind: IteratorKind, requests: Requests): string {
  if (isKernelWalk(kind)) {
    requests.walks.add(kind);
    if (canBeUncallable(constructorOf(kind))) requests.features.add('format');
    return requests.use(`scxts_each_${kind}`);
  }
  requests.features.add('range');
  if (kind === 'range') return requests.use('scxts_for');
  requests.cpus = true;
  return requests.use('scxts_each_cpu');
}

function constructorOf(kind: WalkKind): string {
  return `bpf_iter_${kind}_new`;
}

/** The iterator of a walk, as programs declare it: opaque, of the kernel's size. */
export function iteratorStruct(kind: WalkKind): string {
  return `struct bpf_iter_${kind} {\n\tu64 __opaque[${KERNEL_WALKS[kind].words}];\n} __attribute__((aligned(8)));`;
}

/** Linux 7.1 and 7.2 can have the iterator of dispatch queues without a way to call it: compat/uncallable.ts. */
function guard(kind: WalkKind): string {
  const fn = constructorOf(kind);
  if (!canBeUncallable(fn)) return '';
  return `
	if (!bpf_ksym_exists(${fn}))                                                                \\
		${complaint(fn)} \\
	else \\`;
}

/** The macro of a walk over kernel objects. */
export function walkMacro(name: WalkKind): string {
  const { params } = KERNEL_WALKS[name];
  const item = `struct ${KERNEL_WALKS[name].item} *`;
  return `extern int bpf_iter_${name}_new(struct bpf_iter_${name} *it, ${params}) __ksym __weak;
extern ${item}bpf_iter_${name}_next(struct bpf_iter_${name} *it) __ksym __weak;
extern void bpf_iter_${name}_destroy(struct bpf_iter_${name} *it) __ksym __weak;
#define scxts_each_${name}(item, args...)                                                           \\${guard(name)}
	for (struct bpf_iter_${name} __it_##item __cleanup(bpf_iter_${name}_destroy),                    \\
	     *__init_##item __attribute__((unused)) =                                               \\
		     (bpf_iter_${name}_new(&__it_##item, ##args), (void *)bpf_iter_${name}_destroy, NULL);   \\
	     !__init_##item; __init_##item = (void *)1)                                             \\
		for (${item}item; (item = bpf_iter_${name}_next(&__it_##item));)`;
}
