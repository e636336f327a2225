/** Support for texts that are known at run time only. */
export function addTexts(add: (name: string, c: string, needs?: string[]) => void): void {
  add(
    'scxts_text_piece',
    `/*
 * Reads up to ${CHARS} characters of a text that has at most \`most\`, from the at-th on; the rest of the piece is 0. Gives how
 * many there were. The kernel's helper reads map values, the stack and its own memory alike, and stops at the zero.
 */
static __always_inline u32 scxts_text_piece(u64 *piece, const char *text, u32 at, u32 most)
{
	u32 left = most > at ? most - at : 0;
	u64 wanted = left < ${CHARS} ? left : ${CHARS};
	s64 got;

	__builtin_memset(piece, 0, ${CHARS + 1});
	/* What the verifier loses where it spills a number. */
	barrier_var(wanted);
	got = bpf_probe_read_kernel_str(piece, (wanted & ${CHARS}) + 1, text + at);
	return got > 0 ? (u32)got - 1 : 0;
}`,
  );
  add(
    'scxts_text_equal',
    `static __always_inline bool scxts_text_equal(const char *a, u32 most_a, const char *b, u32 most_b)
{
	u64 x[${WORDS}], y[${WORDS}];

	${pieces('most_a < most_b ? most_a : most_b')} {
		u32 n = scxts_text_piece(x, a, at, most_a), m = scxts_text_piece(y, b, at, most_b);
		u64 differ = n ^ m;

		${words('differ |= x[k] ^ y[k];')}
		if (differ)
			return false;
		if (n < ${CHARS} || most_a < ${CHARS} || most_b < ${CHARS})
			return true;
	}
	return true;
}`,
    ['scxts_text_piece', 'scxts_zero'],
  );
  add(
    'scxts_text_starts',
    `static __always_inline bool scxts_text_starts(const char *text, u32 most, const char *start, u32 most_start)
{
	u64 x[${WORDS}], y[${WORDS}];

	${pieces('most_start')} {
		u32 n = scxts_text_piece(y, start, at, most_start);
		u64 differ = 0;

		/* No more of the text than that. */
		scxts_text_piece(x, text, at, at + n < most ? at + n : most);
		${words('differ |= x[k] ^ y[k];')}
		if (differ)
			return false;
		if (n < ${CHARS} || most_start < ${CHARS})
			return true;
	}
	return true;
}`,
    ['scxts_text_piece', 'scxts_zero'],
  );
  add(
    'scxts_text_length',
    `static __always_inline u32 scxts_text_length(const char *text, u32 most)
{
	u64 x[${WORDS}];

	${pieces('most')} {
		u32 n = scxts_text_piece(x, text, at, most);

		if (n < ${CHARS} || most < ${CHARS})
			return at + n;
	}
	return most;
}`,
    ['scxts_text_piece', 'scxts_zero'],
  );
  add(
    'scxts_text_ends',
    `static __always_inline bool scxts_text_ends(const char *text, u32 most, const char *end, u32 most_end)
{
	u32 all = scxts_text_length(text, most), last = scxts_text_length(end, most_end);
	u64 skipped = all - last;

	if (last > all)
		return false;
	/* What the verifier cannot see of two numbers. */
	barrier_var(skipped);
	return scxts_text_equal(text + (skipped & ${LONGEST}), last, end, last);
}`,
    ['scxts_text_length', 'scxts_text_equal'],
  );
  add(
    'scxts_text_fill',
    `/* Copies a text into a char array, a zero and zeros behind it; gives its length. */
#define scxts_text_fill(to, room, from, most)                                                       \\
	({                                                                                          \\
		__auto_type ___to = (to);                                                            \\
		__builtin_memset(___to, 0, room);                                                    \\
		s64 ___n = bpf_probe_read_kernel_str(___to, most, from);                              \\
		___n > 0 ? (s32)___n - 1 : 0;                                                         \\
	})`,
  );
  add(
    'scxts_text_move',
    `/* The same from a place that may be the very one that is filled. */
#define scxts_text_move(to, room, from, most)                                                       \\
	({                                                                                          \\
		char *___to = (char *)(to);                                                          \\
		s64 ___n = bpf_probe_read_kernel_str(___to, most, from);                              \\
		___n = ___n > 0 ? ___n : 1;                                                          \\
		_Pragma("nounroll") for (s64 ___k = 0; ___k < (room); ___k++) {                       \\
			u64 ___keep = (___k - ___n) >> 63;                                           \\
			barrier_var(___keep);                                                        \\
			___to[___k] &= ___keep;                                                      \\
		}                                                                                    \\
		(s32)___n - 1;                                                                       \\
	})`,
  );
}

const WORDS = 4;
/** All bits that a length may have: PATH_MAX is 4096. */
const LONGEST = 0x1fff;
/** Of a piece: the last byte is that of the zero. */
const CHARS = WORDS * 8 - 1;

/**
 * Walks a text by its pieces. The verifier does not know where it is from the first on, and so looks at one round for all; a
 * text of one piece has no loop.
 */
function pieces(most: string): string {
  return `const u32 until = ${most};

	_Pragma("nounroll") for (u32 at = until < ${CHARS} ? 0 : (u32)scxts_zero; at <= until && (until < ${CHARS} || can_loop); at += ${CHARS})`;
}

function words(statement: string): string {
  return `_Pragma("unroll") for (u32 k = 0; k < ${WORDS}; k++)\n\t\t\t${statement}`;
}
