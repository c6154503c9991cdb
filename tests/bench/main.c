/* SPDX-License-Identifier: MIT */
/*
 * main.c: runs the benchmarks and prints one table for each placement.
 *
 * `make bench` calls it; with "scale" or "parcel", only that table.  Everything in a table was measured in one go, so the
 * ratios hold on a busy machine as well as figures of this kind ever do.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the rows of a table are compared with; < 0: not to be had. */
struct floors {
	double futex, socket, dbus;
};

static void print_ratio(double a, double b)
{
	if (a > 0 && b > 0)
		printf("  %8.2f", a / b);
	else
		printf("  %8s", "-");
}

static void print_row(const char *name, double ns, const struct floors *floors)
{
	if (ns < 0) {
		printf("  %-38s %12s\n", name, "-");
		return;
	}
	printf("  %-38s %9.2f us", name, ns / 1000);
	if (floors) {
		print_ratio(ns, floors->futex);
		print_ratio(ns, floors->socket);
		print_ratio(floors->dbus, ns);
	}
	putchar('\n');
	fflush(stdout);
}

static const struct {
	const char *name;
	size_t size;
} calls[] = {
	{ "empty", 0 },         { "64 bytes", 64 },       { "4 KiB", 4096 },
	{ "64 KiB", 64 << 10 }, { "512 KiB", 512 << 10 },
};

static const size_t call_count = sizeof(calls) / sizeof(calls[0]);

static void run_binder(const struct floors *floors)
{
	struct bench_binder *binder = bench_binder_start();
	char name[64];

	if (!binder)
		return;
	for (size_t i = 0; i < call_count; i++) {
		snprintf(name, sizeof(name), "driver: call, %s", calls[i].name);
		print_row(name, bench_binder_call(binder, calls[i].size), floors);
	}
	print_row("driver: one-way, 64 bytes, each", bench_binder_oneway(binder, 64), floors);
	bench_binder_stop(binder);
}

static void run_library(const struct floors *floors)
{
	struct bench_library *library = bench_library_start();
	double timed, ratio;
	char name[64];

	if (!library)
		return;
	timed = bench_library_timed_call(library, &ratio);
	snprintf(name, sizeof(name), "libbinder: with a timeout (%.2f)", ratio);
	print_row(name, timed, floors);
	/* In turns, so that both meet the same weather. */
	for (size_t i = 0; i < call_count; i++) {
		double c = bench_library_call(library, calls[i].size), ns;

		snprintf(name, sizeof(name), "libbinder: call, %s", calls[i].name);
		print_row(name, c, floors);
		ns = bench_lua_call(library, calls[i].size);
		snprintf(name, sizeof(name), "Lua:       call, %s (%.2f of C)", calls[i].name,
			 ns / c);
		print_row(name, ns, floors);
	}
	bench_library_stop(library);
}

static void run_parcels(void)
{
	print_row("AIDL: write and read 20 fields", bench_aidl(), NULL);
	print_row("parcel: write and read 20 values", bench_parcel(), NULL);
}

static void run(bool pinned)
{
	struct floors bare, library;

	bench_pin(pinned);
	printf("\n%s\n", pinned ? "All processes on one core" : "Processes on any core");
	printf("  %-38s %12s  %8s  %8s  %8s\n", "", "median", "x futex", "x socket", "D-Bus x");
	bare.futex = library.futex = bench_futex_relay();
	bare.socket = library.socket = bench_socket_relay();
	bench_dbus(&bare.dbus, &library.dbus);
	print_row("floor: futex relay, four hops", bare.futex, NULL);
	print_row("floor: socket relay, four hops", bare.socket, NULL);
	print_row("D-Bus: empty call, bare protocol", bare.dbus, NULL);
	print_row("D-Bus: empty call, libdbus", library.dbus, NULL);
	run_binder(&bare);
	run_library(&library);
	run_parcels();
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "parcel") == 0) {
		run_parcels();
		return 0;
	}
	if (argc == 5 && strcmp(argv[1], "dbus-names") == 0)
		return bench_dbus_names(argv[2], atoi(argv[3]), atoi(argv[4]));
	if (argc > 1 && strcmp(argv[1], "scale") == 0) {
		bench_scale();
		return 0;
	}
	printf("Time for one, median over batches.  x futex, x socket: so many times the floor.\n"
	       "D-Bus x: so many times quicker than an empty method call through dbus-daemon,\n"
	       "over the bare protocol for the driver's rows, through libdbus for libbinder's.\n");
	run(true);
	run(false);
	bench_scale();
	return 0;
}
