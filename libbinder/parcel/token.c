/* SPDX-License-Identifier: MIT */
/*
 * token.c: the interface token at the start of a request.
 *
 * Its words are those of the connection's profile.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf.h"
#include "parcel.h"

binder_status_t parcel_write_token(AParcel *parcel, const struct profile *profile,
				   const char *descriptor)
{
	enum profile_domain domain = parcel->conn ? parcel->conn->domain : DOMAIN_SYSTEM;
	binder_status_t status;

	if (profile->header == HEADER_HIDL)
		return parcel_write(parcel, descriptor, strlen(descriptor) + 1);
	status = parcel_write_int32(parcel, profile->policy);
	if (!status && profile->header >= HEADER_WORK_SOURCE)
		status = parcel_write_int32(parcel, -1);
	if (!status && profile->header >= HEADER_TAG)
		status = parcel_write_int32(parcel, profile_tag(domain));
	if (!status)
		status = parcel_write_string16(parcel, descriptor, strlen(descriptor));
	return status;
}

static bool tag_fits(const AParcel *parcel, uint32_t tag)
{
	if (parcel->conn && parcel->conn->strict_domain)
		return tag == profile_tag(parcel->conn->domain);
	return profile_knows_tag(tag);
}

static binder_status_t read_token_words(const AParcel *parcel, const struct profile *profile)
{
	int32_t word;
	binder_status_t status = parcel_read_int32(parcel, &word);

	if (!status && profile->header >= HEADER_WORK_SOURCE)
		status = parcel_read_int32(parcel, &word);
	if (!status && profile->header >= HEADER_TAG) {
		status = parcel_read_int32(parcel, &word);
		if (!status && !tag_fits(parcel, word))
			return error_say(STATUS_BAD_TYPE,
					 "the request's tag is %#x: it is of another Android "
					 "than %s, or of another domain (see --android and "
					 "--domain)",
					 word, profile->name);
	}
	if (status)
		return error_say(STATUS_BAD_TYPE, "the request has no interface token of %s",
				 profile->name);
	return STATUS_OK;
}

/* HIDL's: bytes up to a NUL.  NULL: there is none. */
static const char *read_descriptor8(const AParcel *parcel)
{
	const char *start = (const char *)parcel->data + parcel->pos;
	const void *end = memchr(start, '\0', parcel_left(parcel));
	const void *skipped;

	if (!end || parcel_read(parcel, (const char *)end - start + 1, &skipped))
		return NULL;
	return start;
}

static binder_status_t check_descriptor8(const AParcel *parcel, const char *descriptor)
{
	const char *found = read_descriptor8(parcel);

	if (found && !strcmp(found, descriptor))
		return STATUS_OK;
	return error_say(STATUS_BAD_TYPE, "the request is not for interface %s", descriptor);
}

static binder_status_t take_descriptor8(const AParcel *parcel, char **ret)
{
	const char *found = read_descriptor8(parcel);
	char *copy = found ? strdup(found) : NULL;

	if (!found)
		return error_say(STATUS_BAD_TYPE, "the request has no interface token");
	if (!copy)
		return error_say(STATUS_NO_MEMORY, "no memory for a descriptor");
	*ret = copy;
	return STATUS_OK;
}

binder_status_t parcel_check_token(const AParcel *parcel, const struct profile *profile,
				   const char *descriptor)
{
	const utf16_unit *utf16;
	int32_t units;
	size_t length = strlen(descriptor);
	binder_status_t status;

	if (profile->header == HEADER_HIDL)
		return check_descriptor8(parcel, descriptor);
	status = read_token_words(parcel, profile);
	if (!status)
		status = parcel_read_string16(parcel, &utf16, &units);
	if (status)
		return STATUS_BAD_TYPE;
	if (!utf16)
		goto other;
	/* Descriptors are ASCII, so this is nearly always all there is to compare. */
	if ((size_t)units == length) {
		size_t i = 0;

		while (i < length && utf16[i] < 0x80 && utf16[i] == (unsigned char)descriptor[i])
			i++;
		if (i == length)
			return STATUS_OK;
	}
	if (utf16_to_8_length(utf16, units) == length) {
		char *utf8 = malloc(length + 1);
		bool same;

		if (!utf8)
			return error_say(STATUS_NO_MEMORY, "no memory for a descriptor");
		utf16_to_8(utf16, units, utf8);
		same = !memcmp(utf8, descriptor, length);
		free(utf8);
		if (same)
			return STATUS_OK;
	}
other:
	return error_say(STATUS_BAD_TYPE, "the request is not for interface %s", descriptor);
}

binder_status_t parcel_read_token(const AParcel *parcel, const struct profile *profile, char **ret)
{
	char *descriptor;
	binder_status_t status;

	if (profile->header == HEADER_HIDL)
		return take_descriptor8(parcel, ret);
	status = read_token_words(parcel, profile);
	if (!status)
		status = parcel_take_string16(parcel, &descriptor);
	if (status == STATUS_NO_MEMORY || profile->header == HEADER_HIDL)
		return status;
	if (status)
		return error_say(STATUS_BAD_TYPE, "the request has no interface token of %s",
				 profile->name);
	if (!descriptor)
		return error_say(STATUS_BAD_TYPE, "the request names no interface");
	*ret = descriptor;
	return STATUS_OK;
}
