// SPDX-License-Identifier: Apache-2.0 OR MIT
// Loads for the comparison. Processes named bench-load, so that latency.ts knows them; prints
// the milliseconds that it lasted, the messages that went through and the machine's context switches meanwhile.
//   load pingpong PAIRS MS: pairs of processes hand a byte to and fro through two pipes
//   load messaging GROUPS MS: in each group four senders write to each of four receivers through sockets, as hackbench does
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SIDE 4
#define MESSAGE 100

static unsigned long *messages;
static int ready[2], go[2];
static int children;

static void die(const char *what)
{
	perror(what);
	kill(0, SIGKILL);
	exit(1);
}

static void all(ssize_t (*op)(int, void *, size_t), int fd, char *data, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = op(fd, data + done, size - done);
		if (n <= 0 && errno != EINTR)
			exit(0);
		done += n > 0 ? (size_t)n : 0;
	}
}

static ssize_t write_some(int fd, void *data, size_t size) { return write(fd, data, size); }
static ssize_t read_some(int fd, void *data, size_t size) { return read(fd, data, size); }

// A child that says it is there, and begins with all others.
static int child(void)
{
	int pid = fork();
	if (pid < 0)
		die("fork");
	if (pid > 0) {
		children++;
		return 0;
	}
	prctl(PR_SET_NAME, "bench-load");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	char c = 0;
	all(write_some, ready[1], &c, 1);
	all(read_some, go[0], &c, 1);
	return 1;
}

static void count(void) { __atomic_fetch_add(messages, 1, __ATOMIC_RELAXED); }

static void pair(void)
{
	int there[2], back[2];
	if (pipe(there) || pipe(back))
		die("pipe");
	char c = 0;
	if (child())
		for (;;) {
			all(write_some, there[1], &c, 1);
			all(read_some, back[0], &c, 1);
			count();
		}
	if (child())
		for (;;) {
			all(read_some, there[0], &c, 1);
			all(write_some, back[1], &c, 1);
		}
}

static void group(void)
{
	int sockets[SIDE][2];
	char data[MESSAGE] = {0};
	for (int i = 0; i < SIDE; i++) {
		int room = 1; // The kernel's least: some messages, so that senders wait too.
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets[i]) ||
		    setsockopt(sockets[i][1], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room)))
			die("socketpair");
	}
	for (int i = 0; i < SIDE; i++) {
		if (child())
			for (;;) {
				all(read_some, sockets[i][0], data, MESSAGE);
				count();
			}
		if (child())
			for (;;)
				for (int to = 0; to < SIDE; to++)
					all(write_some, sockets[to][1], data, MESSAGE);
	}
}

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static unsigned long switches(void)
{
	unsigned long count = 0;
	char line[4096];
	FILE *stat = fopen("/proc/stat", "r");
	if (!stat)
		die("/proc/stat");
	while (fgets(line, sizeof(line), stat))
		sscanf(line, "ctxt %lu", &count);
	fclose(stat);
	return count;
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	int number = atoi(argv[2]), ms = atoi(argv[3]);
	cpu_set_t every;
	memset(&every, 0xff, sizeof(every));
	sched_setaffinity(0, sizeof(every), &every);
	setpgid(0, 0);
	messages = mmap(NULL, sizeof(*messages), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (messages == MAP_FAILED || pipe(ready) || pipe(go))
		die("start");
	for (int i = 0; i < number; i++) {
		if (strcmp(argv[1], "pingpong") == 0)
			pair();
		else
			group();
	}
	char bytes[1024] = {0};
	all(read_some, ready[0], bytes, (size_t)children);
	unsigned long before = switches();
	double begin = now_ms();
	all(write_some, go[1], bytes, (size_t)children);
	struct timespec pause = {ms / 1000, (ms % 1000) * 1000000L};
	nanosleep(&pause, NULL);
	unsigned long done = __atomic_load_n(messages, __ATOMIC_RELAXED);
	double lasted = now_ms() - begin;
	printf("%.3f %lu %lu\n", lasted, done, switches() - before);
	fflush(stdout);
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	return 0;
}
