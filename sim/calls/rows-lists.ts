import type { Space } from '../engine/space.js';
import { E } from './maps/map.js';
import type { CallRow } from './types.js';

/** Words (u32) of a head and of a node; a head of zeros is an empty list. */
const NEXT = 0;
const PREVIOUS = 2;
const OWNER = 4;

/** bpf_list_*: double-linked lists of objects that programs own. */
export function listCalls(space: Space): CallRow[] {
  const { u32 } = space.memory;
  const ready = (head: number): void => {
    if (u32[(head >>> 2) + NEXT]) return;
    u32[(head >>> 2) + NEXT] = head;
    u32[(head >>> 2) + PREVIOUS] = head;
  };
  const insert = (head: number, node: number, before: boolean): number => {
    ready(head);
    if (u32[(node >>> 2) + OWNER]) {
      // The kernel drops the object of a node that is in a list already, and says so.
      space.objects.release(node);
      return E.INVAL;
    }
    const behind = before ? head : u32[(head >>> 2) + PREVIOUS]!;
    const front = u32[(behind >>> 2) + NEXT]!;
    u32[(node >>> 2) + NEXT] = front;
    u32[(node >>> 2) + PREVIOUS] = behind;
    u32[(node >>> 2) + OWNER] = head;
    u32[(behind >>> 2) + NEXT] = node;
    u32[(front >>> 2) + PREVIOUS] = node;
    return 0;
  };
  const unlink = (node: number): void => {
    const [next, previous] = [u32[(node >>> 2) + NEXT]!, u32[(node >>> 2) + PREVIOUS]!];
    u32[(previous >>> 2) + NEXT] = next;
    u32[(next >>> 2) + PREVIOUS] = previous;
    for (const word of [NEXT, PREVIOUS, OWNER]) u32[(node >>> 2) + word] = 0;
  };
  const end = (head: number, front: boolean): number => {
    ready(head);
    const node = u32[(head >>> 2) + (front ? NEXT : PREVIOUS)]!;
    return node === head ? 0 : node;
  };
  const pop = (head: number, front: boolean): number => {
    const node = end(head, front);
    if (node) unlink(node);
    return node;
  };
  const push = (name: string, front: boolean): CallRow[] =>
    ['pp:i', 'pppl:i'].flatMap((signature) =>
      [name, `${name}_impl`].map((n) => ({
        name: n,
        signature,
        run: (head?: number, node?: number) => insert(head! >>> 0, node! >>> 0, front),
      })),
    );
  return [
    ...push('bpf_list_push_front', true),
    ...push('bpf_list_push_back', false),
    { name: 'bpf_list_pop_front', signature: 'p:p', run: (h) => pop(h! >>> 0, true) },
    { name: 'bpf_list_pop_back', signature: 'p:p', run: (h) => pop(h! >>> 0, false) },
    { name: 'bpf_list_front', signature: 'p:p', run: (h) => end(h! >>> 0, true) },
    { name: 'bpf_list_back', signature: 'p:p', run: (h) => end(h! >>> 0, false) },
  ];
}
