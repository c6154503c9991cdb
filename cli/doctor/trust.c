/* SPDX-License-Identifier: MIT */
/*
 * trust.c: does this machine load modules without a signature that it trusts?
 *
 * Not with Secure Boot, whose state is the fifth byte of a variable of the
 * firmware, nor when the kernel is locked down or was told to enforce
 * signatures.  The kernel's own modules are signed; DKMS signs ours with a key
 * that somebody has to enroll once.
 *
 * Called by doctor.c, before the modules.
 */
#include <string.h>

#include "cli/doctor/doctor.h"

#define SECURE_BOOT "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

static bool has_secure_boot(const struct machine *machine)
{
	unsigned char variable[5] = { 0 };
	FILE *file = machine_open(machine, SECURE_BOOT);
	size_t length = file ? fread(variable, 1, sizeof(variable), file) : 0;

	if (file)
		fclose(file);
	return length == sizeof(variable) && variable[4] == 1;
}

/* "none [integrity] confidentiality": the one in brackets holds. */
static bool is_locked_down(const struct machine *machine)
{
	char line[128];

	return machine_line(machine, line, sizeof(line), "/sys/kernel/security/lockdown") &&
	       strchr(line, '[') && !strstr(line, "[none]");
}

static bool enforces(const struct machine *machine)
{
	char line[16];

	return machine_line(machine, line, sizeof(line),
			    "/sys/module/module/parameters/sig_enforce") &&
	       line[0] == 'Y';
}

static const char *find_key(const struct machine *machine)
{
	static const char *const keys[] = { "/var/lib/dkms/mok.pub",
					    "/var/lib/shim-signed/mok/MOK.der" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (machine_has(machine, "%s", keys[i]))
			return keys[i];
	return NULL;
}

void doctor_check_trust(struct doctor *doctor)
{
	struct machine *machine = &doctor->machine;
	const bool secure_boot = has_secure_boot(machine);
	const char *key = find_key(machine);
	struct finding *finding;

	machine->wants_signature = secure_boot || is_locked_down(machine) || enforces(machine);
	if (!machine->wants_signature)
		return;
	finding = doctor_add(doctor, "secure boot", FINDING_NOTE,
			     "%s: the kernel loads signed modules only; its own are, binder_any is "
			     "once its key has been enrolled",
			     secure_boot             ? "on" :
			     is_locked_down(machine) ? "the kernel is locked down" :
						       "signatures of modules are enforced");
	if (key)
		doctor_hint(finding, "for binder_any, and a restart then: sudo mokutil --import %s",
			    key);
}
