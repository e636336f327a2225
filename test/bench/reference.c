// SPDX-License-Identifier: Apache-2.0 OR MIT
// The loops of test/bench in C with libbpf, on the same maps, which come by id: reference WHAT MAP EXTRA COUNT,
// EXTRA being an offset in the section, or whether the pidfd is kept open.
// Prints the nanoseconds of each round, one a line, and a sum, so that nothing is optimized away.
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 15
static uint64_t sum;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}
static void fail(const char *what) {
    fprintf(stderr, "reference: %s: %s\n", what, strerror(errno));
    exit(1);
}

// Offset of the variable in the section is 0 or what is given.
static void memory(int fd, size_t offset, size_t width, long count) {
    char *at = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED)
        fail("mmap");
    for (int round = 0; round < ROUNDS; round++) {
        double begin = now();
        if (width == 8) {
            const volatile uint64_t *p = (void *)(at + offset);
            for (long i = 0; i < count; i++)
                sum += *p;
        } else {
            const volatile uint32_t *p = (void *)(at + offset);
            for (long i = 0; i < count; i++)
                sum += *p;
        }
        printf("%.0f\n", now() - begin);
    }
}

static void hash(int fd, long count) {
    uint32_t *keys = malloc(count * 4 + 4096), cursor[2];
    uint64_t *values = malloc(count * 8 + 4096);
    for (int round = 0; round < ROUNDS; round++) {
        double begin = now();
        uint32_t got = 0;
        for (int first = 1, err = 0; !err;) {
            uint32_t n = count + 64 - got;
            err = bpf_map_lookup_batch(fd, first ? NULL : cursor, cursor, keys + got, values + got, &n, NULL);
            if (err && err != -ENOENT)
                fail("batch");
            got += n;
            first = 0;
        }
        for (uint32_t i = 0; i < got; i++)
            sum += values[i] + keys[i];
        printf("%.0f\n", now() - begin);
        if (got != count)
            fail("entries are missing");
    }
}

// The newest program of this name.
static int program_of(const char *name) {
    int found = -1;
    for (uint32_t id = 0; bpf_prog_get_next_id(id, &id) == 0;) {
        struct bpf_prog_info info = {};
        uint32_t size = sizeof(info);
        int fd = bpf_prog_get_fd_by_id(id);
        if (fd < 0)
            continue;
        if (bpf_prog_get_info_by_fd(fd, &info, &size) || strcmp(info.name, name)) {
            close(fd);
        } else {
            if (found >= 0)
                close(found);
            found = fd;
        }
    }
    return found;
}

static int take(void *context, void *data, size_t size) {
    sum += *(uint32_t *)data;
    return 0;
}
static void ring(int fd, int program, long count) {
    struct ring_buffer *rb = ring_buffer__new(fd, take, NULL, NULL);
    if (!rb)
        fail("ring");
    for (int round = 0; round < ROUNDS; round++) {
        struct { uint32_t count, lost; } args = {count, 0};
        LIBBPF_OPTS(bpf_test_run_opts, run, .ctx_in = &args, .ctx_size_in = sizeof(args));
        if (bpf_prog_test_run_opts(program, &run))
            fail("run");
        double begin = now();
        long got = 0;
        for (int n; (n = ring_buffer__consume(rb)) > 0;)
            got += n;
        printf("%.0f\n", now() - begin);
        if (got != count)
            fail("records are missing");
    }
}

static void tasks(int fd, int kept, long count) {
    int pid = getppid();
    int open = syscall(SYS_pidfd_open, pid, 0);
    for (int round = 0; round < ROUNDS; round++) {
        double begin = now();
        for (long i = 0; i < count; i++) {
            int pidfd = kept ? open : (int)syscall(SYS_pidfd_open, pid, 0);
            uint64_t value;
            if (bpf_map_lookup_elem(fd, &pidfd, &value))
                fail("task storage");
            sum += value;
            if (!kept)
                close(pidfd);
        }
        printf("%.0f\n", now() - begin);
    }
}

int main(int argc, char **argv) {
    const char *what = argv[1];
    int fd = bpf_map_get_fd_by_id(atoi(argv[2]));
    long extra = atol(argv[3]), count = atol(argv[4]);
    if (fd < 0)
        fail("map");
    if (!strcmp(what, "u64"))
        memory(fd, extra, 8, count);
    else if (!strcmp(what, "u32"))
        memory(fd, extra, 4, count);
    else if (!strcmp(what, "hash"))
        hash(fd, count);
    else if (!strcmp(what, "ring"))
        ring(fd, program_of("fill"), count);
    else if (!strcmp(what, "tasks"))
        tasks(fd, (int)extra, count);
    fprintf(stderr, "%llu\n", (unsigned long long)sum);
    return 0;
}
