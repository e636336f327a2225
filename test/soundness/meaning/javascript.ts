import { ts } from 'ts-morph';

/*
 * What the prelude's state is in JavaScript. Objects are objects; what is stored into a place is copied, as the language has
 * it, and so are values of maps; arrays and maps have their length. Numbers stay below 2^31.
 */
const RUNTIME = `
const copied = (v) => v === null || typeof v !== 'object' ? v : Array.isArray(v) ? v.map(copied)
  : Object.fromEntries(Object.entries(v).map(([k, of]) => [k, copied(of)]));
const over = (to, v) => { for (const k of Object.keys(to)) {
  if (to[k] !== null && typeof to[k] === 'object') over(to[k], v[k]); else to[k] = v[k]; } };
const array_of = (n, make) => new Proxy(Array.from({ length: n }, make), {
  get: (t, k) => typeof k === 'string' && /^\\d+$/.test(k) ? (Number(k) < n ? t[k] : make()) : t[k],
  set: (t, k, v) => { if (Number(k) < n) { if (typeof v === 'object') over(t[k], v); else t[k] = v; } return true; },
});
const X = () => ({ a: 0, b: 0 });
const Y = () => ({ x: X(), list: array_of(3, X), nums: array_of(4, () => 0), n: 0 });
const u32 = (x) => Number(x), u64 = u32, s32 = u32, bool = (x) => Boolean(x);
function* range(from, to) { const [a, b] = to === undefined ? [0, from] : [from, to]; for (let i = a; i < b; i++) yield i; }
class ArrayMap {
  constructor(n, make) { this.all = Array.from({ length: n }, make); }
  get(k) { return this.all[k] ?? null; }
  set(k, v) { if (!this.all[k]) return -7; over(this.all[k], copied(v)); return 0; }
  forEach(f) { for (const [k, v] of this.all.entries()) if (f(k, v)) break; }
}
class HashMap {
  all = new Map();
  get(k) { return this.all.get(k) ?? null; }
  set(k, v) { this.all.set(k, typeof v === 'object' ? copied(v) : { value: v }); return 0; }
  delete(k) { return this.all.delete(k) ? 0 : -2; }
  add(k, n) { const e = this.all.get(k); if (e) e.value += n; }
  forEach(f) { for (const [k, v] of this.all) if (f(k, v)) break; }
}
class QueueMap {
  all = [];
  constructor(n, last) { this.n = n; this.last = last; }
  push(v) { if (this.all.length >= this.n) return -7; this.all.push(copied(v)); return 0; }
  pop() { return (this.last ? this.all.pop() : this.all.shift()) ?? null; }
  peek() { return copied(this.all[this.last ? this.all.length - 1 : 0] ?? null); }
}
const held = { [Symbol.dispose]() {} };
const spinLock = () => ({ hold: () => held });
const alloc = () => ({ v: 0, w: 0, [Symbol.dispose]() {} });
class List { all = []; pushBack(n) { this.all.push(n); } popFront() { return this.all.shift() ?? null; } }
class RbTree {
  all = [];
  constructor(less) { this.less = less; }
  add(n) { const at = this.all.findIndex((o) => this.less(n, o)); this.all.splice(at < 0 ? this.all.length : at, 0, n); }
  first() { return this.all[0] ?? null; }
  remove(n) { const at = this.all.indexOf(n); return at < 0 ? null : this.all.splice(at, 1)[0]; }
}
const counter = () => ({ inc() {}, add() {} });
const copyString = (to, from) => { to.text = String(from.text ?? from).slice(0, 15); return to.text.length; };
const streq = (a, b) => String(a.text ?? a) === String(b.text ?? b);
const startsWith = (a, b) => String(a.text ?? a).startsWith(String(b.text ?? b));
const endsWith = (a, b) => String(a.text ?? a).endsWith(String(b.text ?? b));
const atomicAdd = undefined;
`;

/** The declarations of the prelude that are made of types, as values. */
function declarations(text: string): string {
  return text
    .replace('let y0: Y = zeroed();', 'let y0 = Y();')
    .replace('let s: FixedArray<X, 4> = zeroed();', 'const s = array_of(4, X);')
    .replace('let nums: FixedArray<u32, 8> = zeroed();', 'const nums = array_of(8, () => 0);')
    .replace(/let text: .*$/m, "const text = [{ text: '' }, { text: '' }];")
    .replace(/let out: .*$/m, '')
    .replace('array<X>(4)', 'new ArrayMap(4, X)')
    .replace(/hash<u32, \w+>\(8\)/g, 'new HashMap()')
    .replace(/queue<X>\(8\)/g, 'new QueueMap(8, false)')
    .replace('stack<u32>(8)', 'new QueueMap(8, true)')
    .replace(/list<N>\(\w+\)/g, 'new List()')
    .replace(/rbTree<N>\((.*), lock\)/, 'new RbTree($1)');
}

/**
 * Runs programs as JavaScript, one after the other with one state.
 * @param prelude declarations at module level, in the language
 * @param bodies the statements of each, which may say copied() of what they store
 * @returns the numbers in `out`
 */
export function inJavaScript(prelude: string, bodies: readonly string[], size: number): number[] {
  const functions = bodies.map((body, n) => `function run${n}() {\n${body}\n}`).join('\n');
  const calls = bodies.map((_, n) => `run${n}();`).join('\n');
  const text = `${declarations(prelude)}\n${functions}\n${calls}`;
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const all = `${RUNTIME}const out = new Array(${size}).fill(0);\n${outputText}\nreturn out;`;
  return new Function(all.replace(/^export \{\};?$/m, ''))() as number[];
}
