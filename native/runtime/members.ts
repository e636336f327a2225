import { opsMembers } from './compat.js';
import { native, ScxtsError } from './errors.js';
import { kernelEnums, kernelHas } from './kernel.js';
import { viewOf } from './layout/index.js';
import { chosenValue, type MemberQuestion } from './member-choice.js';
import type { ObjectInfo } from './object.js';

/** Gives the members whose value depends on the kernel theirs. */
export function chooseMembers(info: ObjectInfo): void {
  const { opsMap: map } = info;
  const choices = map ? info.memberChoices() : [];
  if (!map || choices.length === 0) return;
  const questions = choices.flatMap((c) => c.questions);
  const functions = kernelHas(
    questions.flatMap((q) => ('functions' in q ? q.functions : [])),
    [],
    info.backend,
  );
  const enums = kernelEnums(
    questions.flatMap((q) => ('enumName' in q ? [q.enumName] : [])),
    info.backend,
  );
  const holds = (q: MemberQuestion): boolean =>
    'functions' in q
      ? q.functions.some((name) => functions.has(name))
      : enums.get(q.enumName)?.[q.value] !== undefined;
  for (const choice of choices) {
    const place = opsMembers(info).find((m) => m.name === choice.member);
    const size = place ? info.layout(place.typeId).size : 0;
    if (!place || place.isPointer || (size !== 4 && size !== 8))
      throw new ScxtsError(
        'ERR_OPEN',
        `the object has values for ops.${choice.member}, which is no number`,
      );
    const initial = native(() => info.native.readInitial(map, place.offset, size));
    if (!initial) continue;
    const view = viewOf(initial);
    const now = size === 8 ? view.getBigUint64(0, true) : BigInt(view.getUint32(0, true));
    const value = chosenValue(choice, now, holds);
    if (value === now) continue;
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    native(() => info.native.writeInitial(map, place.offset, bytes.subarray(0, size)));
  }
}
