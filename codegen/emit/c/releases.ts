import type { Release, Section } from '../../ir/releases.js';
import { RELEASES, SECTION_ENDS } from '../../kernel/releases.js';

/** Functions that end a section, by what it is. */
const ENDS: ReadonlyMap<Section, string> = new Map(
  [...SECTION_ENDS].map(([fn, section]) => [section, fn]),
);

/** The C function that gives back, called with the address of the variable. */
export function releaseName(release: Release): string {
  switch (release.kind) {
    case 'kernel':
      return `scxts_cleanup_${release.fn}`;
    case 'object':
      return `scxts_cleanup_drop_${release.struct.name}`;
    case 'record':
      return 'scxts_cleanup_ringbuf';
    case 'section':
      return `scxts_cleanup_${ENDS.get(release.section) ?? release.section}`;
  }
}

interface Declared {
  /** The struct that it is about. */
  struct?: string;
  extern?: string;
  c?: string;
}

/** The kernel's function that gives back, and the C function around it; those of support.ts have neither. */
export function releaseFunction(release: Release): Declared {
  const name = releaseName(release);
  if (release.kind === 'kernel') {
    const of = RELEASES.get(release.fn);
    if (!of) return {};
    return {
      struct: of.struct,
      extern: `void ${release.fn}(${of.constant ? 'const ' : ''}struct ${of.struct} *p) __ksym __weak;`,
      c: `static __always_inline void ${name}(struct ${of.struct} **p)\n{\n\tif (*p)\n\t\t${release.fn}(*p);\n}`,
    };
  }
  const end = release.kind === 'section' && ENDS.get(release.section);
  if (!end) return {};
  // The flags of interrupts are the variable itself.
  return release.section === 'interrupts'
    ? {
        extern: `void ${end}(u64 *flags) __ksym __weak;`,
        c: `static __always_inline void ${name}(u64 *flags)\n{\n\t${end}(flags);\n}`,
      }
    : {
        extern: `void ${end}(void) __ksym __weak;`,
        c: `static __always_inline void ${name}(s32 *unused)\n{\n\t${end}();\n}`,
      };
}
