import { cString } from './c-string.js';

/**
 * The name that userspace knows something by, for the object: empty where that is its name in C. C, libbpf and macros have names that
 * authors use too, and JavaScript's can have letters that C's have not.
 */
export function nameTag(of: { name: string; tsName: string }): string {
  return of.name === of.tsName ? '' : ` __scxts("name=${cString(of.tsName)}")`;
}
