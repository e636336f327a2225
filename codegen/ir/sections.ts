/** What ends an RCU read section and the hold of a spin lock: the cleanups of the variables that stand for them. */
export const RCU_SECTION = 'scxts_cleanup_bpf_rcu_read_unlock';
export const LOCK_SECTION = 'scxts_cleanup_lock';

/** Both: with a lock held RCU is held as well. */
export const SECTIONS: ReadonlySet<string> = new Set([RCU_SECTION, LOCK_SECTION]);
