/**
 * The release that introduced what scxts first sees in a later supported kernel (6.13 to 6.15 are
 * not supported, Debian does not package them any more): from the kernel's own history. Functions carry it
 * in their entries; these are callbacks, data members and enum values.
 */
export const UPSTREAM: Readonly<Record<string, string>> = {
  SCX_OPS_ENQ_MIGRATION_DISABLED: '6.14',
  SCX_OPS_ALLOW_QUEUED_WAKEUP: '6.15',
  SCX_OPS_BUILTIN_IDLE_PER_NODE: '6.15',
  SCX_PICK_IDLE_IN_NODE: '6.15',
  SCX_RQ_CLK_VALID: '6.14',
};
