import { stackTooDeep } from '../diagnostics/catalogue/stack.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { STACK_BYTES, stackObjects } from '../checks/stack.js';
import { calledFunction } from '../ir/functions.js';
import type { FunctionIr, ModuleIr } from '../ir/module.js';

/** Bytes of stack by function, from clang's -fstack-usage: `file:line:name<TAB>bytes<TAB>kind`. */
function parseUsage(text: string): Map<string, number> {
  const out = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [place, bytes] = line.split('\t');
    const name = place?.split(':').pop();
    if (name && bytes) out.set(name, Number(bytes));
  }
  return out;
}

interface Depth {
  bytes: number;
  chain: FunctionIr[];
}

/** Adds frames up as check_max_stack_depth() in kernel/bpf/verifier.c does: each rounded to 16 bytes. */
function depthOf(
  fn: FunctionIr,
  usage: Map<string, number>,
  known = new Map<FunctionIr, Depth>(),
): Depth {
  const before = known.get(fn);
  if (before) return before;
  const frame = (name: string): number => Math.ceil((usage.get(name) ?? 0) / 16) * 16;
  const own = frame(fn.name) + frame(`${fn.name}_cb`) + frame(`scxts_body_${fn.name}`);
  let deepest: Depth = { bytes: 0, chain: [] };
  for (const call of fn.calls) {
    const called = calledFunction(call.target, 'now');
    if (!called) continue;
    const below = depthOf(called, usage, known);
    if (below.bytes > deepest.bytes) deepest = below;
  }
  const depth = { bytes: own + deepest.bytes, chain: [fn, ...deepest.chain] };
  known.set(fn, depth);
  return depth;
}

function tooDeep(chain: FunctionIr[], bytes: number | undefined): Diagnostic {
  const largest = chain
    .flatMap((fn) => stackObjects(fn))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 3)
    .map((o) => `${o.name} (${o.bytes})`)
    .join(', ');
  return stackTooDeep(chain[0]?.span, chain.map((fn) => fn.name).join(' -> '), bytes, largest);
}

/** Programs whose call chains need more stack than there is. `usage` is the text of the .su file. */
export function checkStackUsage(module: ModuleIr, usage: string): Diagnostic[] {
  const frames = parseUsage(usage);
  return module.programs.flatMap(({ fn }) => {
    const { bytes, chain } = depthOf(fn, frames);
    return bytes > STACK_BYTES ? [tooDeep(chain, bytes)] : [];
  });
}

/** The same where clang itself refuses a function, by its name in the C. */
export function stackRefusedByClang(module: ModuleIr, clangSays: string): Diagnostic[] {
  if (!clangSays.includes('BPF stack limit')) return [];
  const all = [...module.programs.map((p) => p.fn), ...module.functions];
  const lines = new Set(
    [...clangSays.matchAll(/^.*?:(\d+):\d+: error: .*BPF stack limit/gm)].map((m) => Number(m[1])),
  );
  // What the kernel calls has no line in the source: clang shows its head.
  const heads = new Set([...clangSays.matchAll(/^ *\d+ \| .*?\b(\w+)\(/gm)].map((m) => m[1]!));
  const refused = all.filter(
    (fn) => lines.has(fn.span.line) || (fn.role && 'entry' in fn.role && heads.has(fn.role.entry)),
  );
  return refused.map((fn) => tooDeep([fn], undefined));
}
