// Fuzzing of JavaScript that is guided by coverage: V8 itself says which blocks of which modules an input ran. What ran a block that none
// before did is kept, and mutated in turn.
import { Session } from 'node:inspector/promises';

/** Numbers that an input is read as, one after the other; 0 when it has no more. */
export class Choices {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  byte() {
    return this.bytes[this.at++] ?? 0;
  }
  /** A whole number below `count`. */
  below(count) {
    return count <= 256 ? this.byte() % count : (this.byte() * 256 + this.byte()) % count;
  }
  of(list) {
    return list[this.below(list.length)];
  }
}

/** xorshift32 */
function random(seed) {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function mutated(bytes, other, pick) {
  let out = [...bytes];
  for (let i = 0; i <= pick(4); i++) {
    const at = pick(out.length + 1);
    switch (pick(5)) {
      case 0:
        out[at] = pick(256);
        break;
      case 1:
        out.splice(at, 0, pick(256));
        break;
      case 2:
        out.splice(at, 1 + pick(4));
        break;
      case 3:
        out = [...out.slice(0, at), ...other.slice(pick(other.length + 1))];
        break;
      default:
        out.splice(at, 0, ...out.slice(at, at + pick(16)));
    }
  }
  return Uint8Array.from(out.slice(0, 512), (b) => b ?? 0);
}

/** Blocks that have run since the last call, of modules whose URL matches. */
async function takeBlocks(session, modules) {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const out = [];
  for (const { url, functions } of result)
    if (modules.test(url))
      for (const { ranges } of functions)
        for (const { startOffset, endOffset, count } of ranges)
          if (count > 0) out.push(`${url}:${startOffset}:${endOffset}`);
  return out;
}

/**
 * Runs `one(choices)` with inputs for so many seconds; what it throws ends the fuzzing, and is thrown on with the input. Gives what was done.
 */
export async function fuzz({ seconds, seed, modules, one }) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const pick = random(seed);
  const corpus = [new Uint8Array(64).map(() => pick(256))];
  const known = new Set();
  const end = performance.now() + seconds * 1000;
  let runs = 0;
  while (performance.now() < end) {
    const input =
      runs < 32
        ? new Uint8Array(32 + pick(200)).map(() => pick(256))
        : mutated(corpus[pick(corpus.length)], corpus[pick(corpus.length)], pick);
    try {
      await one(new Choices(input));
    } catch (error) {
      throw new Error(`input ${Buffer.from(input).toString('hex')}`, { cause: error });
    }
    runs++;
    const before = known.size;
    for (const block of await takeBlocks(session, modules)) known.add(block);
    if (known.size > before) corpus.push(input);
  }
  session.disconnect();
  return { runs, blocks: known.size, corpus: corpus.length };
}
