/* SPDX-License-Identifier: MIT */
/*
 * kernel.c: how the kernel was built: with which of Binder's drivers, and
 * whether this very version is known to go wrong.
 *
 * Linux has a driver in C, and since 6.18 one in Rust.  A kernel of kernel.org
 * has one of them at most; Android's have both, and the parameter binder.impl
 * chooses.  The Rust driver always comes with binderfs, so there is no
 * CONFIG_ANDROID_BINDERFS beside it.  Nothing here is a problem by itself, as
 * binderd needs none of it.
 *
 * Called by doctor.c.
 */
#include <string.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"

/* ---- the configuration ----------------------------------------------------------- */

static enum built built_of(char value)
{
	return value == 'y' ? BUILT_IN : value == 'm' ? BUILT_MODULE : BUILT_NOT;
}

/* Reads "CONFIG_...=y" and the like; what the text does not mention was left out. */
static void read_options(struct machine *machine, FILE *file)
{
	const struct {
		const char *name;
		enum built *built;
	} options[] = {
		{ "CONFIG_ANDROID_BINDER_IPC=", &machine->c },
		/* Android 16's name of the driver in C, where CONFIG_ANDROID_BINDER_IPC stands for both. */
		{ "CONFIG_ANDROID_BINDER_IPC_C=", &machine->c },
		{ "CONFIG_ANDROID_BINDER_IPC_RUST=", &machine->rust },
		{ "CONFIG_ANDROID_BINDERFS=", &machine->binderfs },
	};
	char line[512];

	machine->c = machine->rust = machine->binderfs = BUILT_NOT;
	while (fgets(line, sizeof(line), file))
		for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
			if (!strncmp(line, options[i].name, strlen(options[i].name)))
				*options[i].built = built_of(line[strlen(options[i].name)]);
}

/* gzip is everywhere; a library of its own is not worth four lines. */
static bool read_compressed(struct machine *machine)
{
	FILE *packed = machine_open(machine, "/proc/config.gz"), *file;
	char command[64];
	bool read = false;
	int fd;

	if (!packed)
		return false;
	fd = dup(fileno(packed));
	fclose(packed);
	if (fd < 0)
		return false;
	snprintf(command, sizeof(command), "gzip -dc </proc/self/fd/%d 2>/dev/null", fd);
	file = popen(command, "re");
	close(fd);
	if (file) {
		read_options(machine, file);
		read = pclose(file) == 0;
	}
	return read;
}

static void read_config(struct machine *machine)
{
	static const struct {
		const char *before, *behind;
	} places[] = {
		{ "/boot/config-", "" },
		{ "/lib/modules/", "/config" },
		{ "/usr/lib/modules/", "/config" },
	};
	char path[sizeof(machine->config)];
	FILE *file;

	if (read_compressed(machine)) {
		snprintf(machine->config, sizeof(machine->config), "/proc/config.gz");
		return;
	}
	machine->c = machine->rust = machine->binderfs = BUILT_UNKNOWN;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places) && *machine->release; i++) {
		snprintf(path, sizeof(path), "%s%s%s", places[i].before, machine->release,
			 places[i].behind);
		file = machine_open(machine, "%s", path);
		if (!file)
			continue;
		read_options(machine, file);
		fclose(file);
		memcpy(machine->config, path, sizeof(path));
		return;
	}
}

/* ---- what else shows it ---------------------------------------------------------- */

/* A driver that is built in has a folder of parameters, and a module as well once it is loaded. */
static bool is_built_in(const struct machine *machine, const char *name, const char *module)
{
	char line[256];
	bool is_module = false;
	FILE *file = machine_open(machine, "/proc/modules");

	while (file && !is_module && fgets(line, sizeof(line), file))
		is_module = !strncmp(line, module, strlen(module)) && line[strlen(module)] == ' ';
	if (file)
		fclose(file);
	return !is_module && machine_has(machine, "/sys/module/%s", name);
}

static void read_signs(struct machine *machine)
{
	char line[32];

	if (machine_line(machine, line, sizeof(line), "/sys/module/binder/parameters/impl"))
		machine->impl = !strcmp(line, "rust") ? 'r' : !strcmp(line, "c") ? 'c' : '\0';
	if (is_built_in(machine, "binder", "binder"))
		machine->c = BUILT_IN;
	if (is_built_in(machine, "rust_binder", "rust_binder"))
		machine->rust = BUILT_IN;
}

/* ---- in words -------------------------------------------------------------------- */

static const char *how(enum built built)
{
	return built == BUILT_IN ? "built in" : "as a module";
}

/* The architecture behind "-cloud-"; NULL: this is none of Debian's cloud kernels. */
static const char *cloud_of(const struct machine *machine)
{
	const char *cloud = strstr(machine->release, "-cloud-");

	return cloud && cloud[strlen("-cloud-")] ? cloud + strlen("-cloud-") : NULL;
}

static void say_unknown(struct doctor *doctor)
{
	const struct machine *machine = &doctor->machine;

	if (machine->c == BUILT_IN || machine->rust == BUILT_IN)
		doctor_add(doctor, "kernel", FINDING_OK, "%s has Binder built in, in %s",
			   machine->release, machine->rust == BUILT_IN ? "Rust" : "C");
	else
		doctor_add(doctor, "kernel", FINDING_NOTE,
			   "%s; its configuration cannot be read here (no /proc/config.gz, no "
			   "/boot/config-%s)",
			   machine->release, machine->release);
}

static void say_none(struct doctor *doctor)
{
	struct machine *machine = &doctor->machine;
	const char *architecture = cloud_of(machine);
	struct finding *finding;

	finding = doctor_add(doctor, "kernel", FINDING_NOTE,
			     "%s was built without Binder%s (%s); binderd does not need it",
			     machine->release,
			     architecture ? ", as all of Debian's cloud kernels are" : "",
			     machine->config);
	if (!architecture)
		return;
	doctor_hint(finding, "sudo apt-get install linux-image-%s, and start that kernel",
		    architecture);
	snprintf(machine->command, sizeof(machine->command), "sudo apt-get install linux-image-%s",
		 architecture);
}

static void say_both(struct doctor *doctor)
{
	const struct machine *machine = &doctor->machine;

	doctor_add(doctor, "kernel", FINDING_OK,
		   "%s has two drivers of Binder, in C (%s) and in Rust (%s); binder.impl=%s "
		   "chooses the one in %s (%s)",
		   machine->release, how(machine->c), how(machine->rust),
		   machine_is_rust(machine) ? "rust" : "c", machine_is_rust(machine) ? "Rust" : "C",
		   machine->config);
}

void doctor_check_kernel(struct doctor *doctor)
{
	struct machine *machine = &doctor->machine;

	read_config(machine);
	read_signs(machine);
	/* The driver in Rust has no file system of its own choice. */
	if (machine->rust > BUILT_NOT)
		machine->binderfs = BUILT_IN;
	if (!*machine->config)
		say_unknown(doctor);
	else if (machine->c > BUILT_NOT && machine->rust > BUILT_NOT)
		say_both(doctor);
	else if (machine->rust > BUILT_NOT)
		doctor_add(doctor, "kernel", FINDING_OK, "%s has Binder %s, in Rust (%s)",
			   machine->release, how(machine->rust), machine->config);
	else if (machine->c > BUILT_NOT)
		doctor_add(doctor, "kernel", FINDING_OK, "%s has Binder %s, in C, %s binderfs (%s)",
			   machine->release, how(machine->c),
			   machine->binderfs > BUILT_NOT ? "with" : "without", machine->config);
	else
		say_none(doctor);
}

/* ---- versions that go wrong --------------------------------------------------------- */

/* Of the driver in Rust, all of them; fixed is the first version that is well again. */
static const struct regression {
	const char *first, *fixed; /* "": not fixed, as far as is known */
	const char *build; /* of one distribution; NULL: of every kernel of these versions */
	const char *text, *try_this;
} regressions[] = {
	{ "6.18", "6.18.6", NULL,
	  "before 6.18.6, the driver in Rust corrupts its lists when several threads use it: "
	  "Waydroid's sound stops, and the machine may freeze",
	  "a kernel from 6.18.6 on" },
	{ "7.2.3", "7.2.4", "arch1-3",
	  "this build's driver in Rust was made with bindgen 0.73.1: open() of a device fails with "
	  "\"No such process\", or crashes the kernel",
	  "linux 7.2.4.arch1-2 or later" },
	{ "7.2", "", NULL,
	  "the driver in Rust refuses calls of about 1 MiB with ENOSPC (seen with Waydroid on "
	  "7.2.2; dmesg has \"rust_binder: Failed to allocate buffer\")",
	  "a kernel with the driver in C, if that happens" },
};

/* Numbers between dots, up to three; what follows them does not count. */
static long version_of(const char *text)
{
	unsigned int part[3] = { 0, 0, 0 };

	sscanf(text, "%3u.%3u.%3u", &part[0], &part[1], &part[2]);
	return (part[0] * 1000L + part[1]) * 1000L + part[2];
}

static bool applies(const struct regression *regression, const char *release)
{
	long version = version_of(release);

	return version >= version_of(regression->first) &&
	       (!*regression->fixed || version < version_of(regression->fixed)) &&
	       (!regression->build || strstr(release, regression->build));
}

void doctor_check_regressions(struct doctor *doctor)
{
	const struct machine *machine = &doctor->machine;

	if (!machine_is_rust(machine))
		return;
	for (size_t i = 0; i < sizeof(regressions) / sizeof(*regressions); i++)
		if (applies(&regressions[i], machine->release))
			doctor_hint(doctor_add(doctor, "known fault", FINDING_NOTE, "%s",
					       regressions[i].text),
				    "%s", regressions[i].try_this);
}
