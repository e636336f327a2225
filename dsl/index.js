// Importing a DSL module in plain Node.js: its code runs in the kernel, not here.
throw new Error(
  "'scxts' is the language of the BPF half, which runs in the kernel: compile the file with `scxts build`. " +
    "A userspace half imports the skeleton (./NAME.skel.js) and 'scxts/runtime'.",
);
