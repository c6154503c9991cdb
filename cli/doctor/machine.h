/* SPDX-License-Identifier: MIT */
/*
 * machine.h: what the files of a machine say about its kernel and Binder.
 *
 * kernel.c reads how the kernel was built, trust.c whether modules need a
 * signature, modules.c what is loaded or installed, binderfs.c what is
 * mounted.  All of them read below one root folder: / of this machine, or a
 * folder with saved files.
 */
#ifndef CLI_DOCTOR_MACHINE_H
#define CLI_DOCTOR_MACHINE_H

#include <stdbool.h>
#include <stdio.h>

struct doctor;

/* The one command that makes a kernel's devices of a driver with binderfs. */
#define DOCTOR_MOUNT \
	"sudo mkdir -p /dev/binderfs && sudo mount -t binder -o stats=global binder /dev/binderfs"

/* How the kernel was built with something. */
enum built {
	BUILT_UNKNOWN, /* no configuration can be read */
	BUILT_NOT,
	BUILT_MODULE,
	BUILT_IN,
};

enum module {
	MODULE_BINDER_ANY,   /* ours */
	MODULE_BINDER_LINUX, /* upstream's in C */
	MODULE_RUST_BINDER, /* upstream's in Rust, of Android's kernels; elsewhere it is built in */
	MODULES,
};

struct machine {
	char root[256];    /* "" for this machine and for /; it ends without a slash */
	char release[128]; /* as uname -r prints it; "": not known */
	char config[192];  /* the file of the configuration; "": none can be read */
	enum built c, rust, binderfs;
	char impl; /* Android's binder.impl, where the kernel has both: 'c' or 'r'; 0: no such */
	bool loaded[MODULES], installed[MODULES],
		foreign[MODULES]; /* foreign: not the kernel's own */
	bool wants_signature;     /* modules without one that the machine trusts are refused */
	/* The command that creates a kernel's device; empty: unknown, or not needed. */
	char command[256];
	bool at_hand; /* it takes no restart and no package */
};

/* "binder_any" and so on. */
extern const char *const machine_module[MODULES];

/* A file of the machine; its path is printf's and begins with a slash.  NULL: it cannot be read. */
__attribute__((format(printf, 2, 3))) FILE *machine_open(const struct machine *machine,
							 const char *path, ...);
__attribute__((format(printf, 2, 3))) bool machine_has(const struct machine *machine,
						       const char *path, ...);
/* Its first line, without the newline. */
__attribute__((format(printf, 4, 5))) bool machine_line(const struct machine *machine, char *line,
							size_t size, const char *path, ...);

/* Takes the root folder; NULL: this machine's. */
void machine_init(struct machine *machine, const char *root);

/* Is the driver in Rust the one that the kernel's devices have?  Else it is the one in C. */
bool machine_is_rust(const struct machine *machine);

void doctor_check_kernel(struct doctor *doctor);
void doctor_check_regressions(struct doctor *doctor);
void doctor_check_modules(struct doctor *doctor);
void doctor_check_dkms(struct doctor *doctor);
void doctor_check_trust(struct doctor *doctor);
void doctor_check_binderfs(struct doctor *doctor);

#endif
