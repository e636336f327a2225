/** A member of the operations whose value depends on what the kernel has: docs/object-format.md. */
export interface MemberChoice {
  member: string;
  /** One for each combination of answers: bit i of the index is the answer to question i. */
  values: readonly bigint[];
  questions: readonly MemberQuestion[];
}

/** Whether the kernel has a value of an enum, or a function by one of these names. */
export type MemberQuestion = { enumName: string; value: string } | { functions: string[] };

/** Of a declaration tag of the scheduler. */
const MEMBER_TAG = 'scxts:member=';

/** `scxts:member=flags; 2 66; enum scx_ops_flags SCX_OPS_X`. Undefined for another tag, null for one that cannot be read. */
export function parseMemberChoice(tag: string): MemberChoice | null | undefined {
  if (!tag.startsWith(MEMBER_TAG)) return undefined;
  const [member = '', numbers = '', ...asked] = tag.slice(MEMBER_TAG.length).split('; ');
  const questions = asked.map(parseQuestion);
  const known = questions.filter((q) => q !== undefined);
  const texts = numbers.split(' ');
  const isWhole =
    known.length === asked.length &&
    texts.length === 2 ** known.length &&
    texts.every((t) => /^\d{1,20}$/.test(t));
  return isWhole ? { member, values: texts.map(BigInt), questions: known } : null;
}

function parseQuestion(text: string): MemberQuestion | undefined {
  const [kind, ...names] = text.split(' ');
  const [enumName, value] = names;
  if (kind === 'func' && enumName) return { functions: names };
  return kind === 'enum' && enumName && value ? { enumName, value } : undefined;
}

/**
 * The value on this kernel of a member that is `now`. What was set since the object was opened holds: another value than the
 * object's, and bits of `flags` that were set or cleared. Chosen once more it is the same.
 */
export function chosenValue(
  { member, values, questions }: MemberChoice,
  now: bigint,
  holds: (question: MemberQuestion) => boolean,
): bigint {
  const base = values[0]!;
  const chosen = values[questions.reduce((n, q, i) => n | (holds(q) ? 1 << i : 0), 0)]!;
  if (member === 'flags') return (chosen | (now & ~base)) & ~(base & ~now);
  return now === base ? chosen : now;
}
