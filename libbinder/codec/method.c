/* SPDX-License-Identifier: MIT */
/*
 * method.c: the arguments of a method and its reply, as a whole.
 *
 * The way in for users (aidl_data.h); hands each value on to write.c and
 * read.c.
 */
#include "codec.h"

#include <string.h>

static struct place begin(struct aidl_codec *codec, const char *name)
{
	codec->error[0] = '\0';
	return (struct place){ .codec = codec, .name = name };
}

binder_status_t aidl_data_write(struct aidl_codec *codec, const struct aidl_type *type,
				const char *name, const struct aidl_data *data, AParcel *parcel)
{
	struct place place = begin(codec, name);
	binder_status_t status = codec_write(&place, type, data, parcel);

	if (status != STATUS_OK && !codec->error[0])
		place_check(&place, status);
	return status;
}

binder_status_t aidl_data_read(struct aidl_codec *codec, const struct aidl_type *type,
			       const char *name, const AParcel *parcel, struct aidl_data *data)
{
	struct place place = begin(codec, name);
	binder_status_t status = codec_read(&place, type, parcel, data);

	if (status != STATUS_OK && !codec->error[0])
		place_check(&place, status);
	return status;
}

/* ---- requests --------------------------------------------------------------------------- */

/* Of what only comes out, an array's length goes in, so that the other side can make room. */
static bool length_goes_in(const struct aidl_field *argument)
{
	return argument->direction == AIDL_OUT && argument->type->kind == AIDL_ARRAY &&
	       argument->type->size < 0;
}

static bool goes_in(const struct aidl_field *argument)
{
	return argument->direction & AIDL_IN;
}

static binder_status_t write_length(struct aidl_codec *codec, const struct aidl_field *argument,
				    const struct aidl_data *given, AParcel *parcel)
{
	struct place place = begin(codec, argument->name);
	int32_t length = 0;

	if (given && given->kind == AIDL_DATA_INTEGER && given->integer >= 0 &&
	    given->integer <= INT32_MAX)
		length = (int32_t)given->integer;
	else if (given && given->kind == AIDL_DATA_LIST)
		length = (int32_t)given->count;
	else if (given && given->kind == AIDL_DATA_NULL && argument->type->nullable)
		length = -1;
	else if (given && given->kind != AIDL_DATA_NULL)
		return place_fail(&place, STATUS_BAD_VALUE,
				  "for an array that only comes out, give its length");
	return parcel_write_int32(parcel, length);
}

static bool can_be_left_out(const struct aidl_type *type)
{
	return type->nullable;
}

static binder_status_t write_argument(struct aidl_codec *codec, const struct aidl_field *argument,
				      const struct aidl_data *given, AParcel *parcel)
{
	if (length_goes_in(argument))
		return write_length(codec, argument, given, parcel);
	if (!goes_in(argument))
		return STATUS_OK;
	if (!given && !can_be_left_out(argument->type)) {
		struct place place = begin(codec, argument->name);

		return place_fail(&place, STATUS_BAD_VALUE, "this argument is missing");
	}
	return aidl_data_write(codec, argument->type, argument->name, given, parcel);
}

/* Is there one too many, or one of no such name? */
static binder_status_t check_arguments(struct aidl_codec *codec, const struct aidl_method *method,
				       const struct aidl_data *arguments)
{
	struct place place = begin(codec, method->name);
	size_t most = 0;

	if (method->broken)
		return place_fail(&place, STATUS_INVALID_OPERATION, "it has errors in its AIDL");
	for (const struct aidl_field *a = method->arguments; a; a = a->next)
		most += goes_in(a) || length_goes_in(a);
	if (arguments->kind == AIDL_DATA_LIST && arguments->count > most)
		return place_fail(&place, STATUS_BAD_VALUE, "it takes %zu arguments, not %zu", most,
				  arguments->count);
	for (size_t i = 0; arguments->kind == AIDL_DATA_MAP && i < arguments->count; i++) {
		const struct aidl_field *a = method->arguments;

		while (a && strcmp(a->name, arguments->key[i]) != 0)
			a = a->next;
		if (!a)
			return place_fail(&place, STATUS_BAD_VALUE, "it has no argument %.80s",
					  arguments->key[i]);
		if (!goes_in(a) && !length_goes_in(a))
			return place_fail(&place, STATUS_BAD_VALUE, "%s only comes out", a->name);
	}
	return STATUS_OK;
}

binder_status_t aidl_request_write(struct aidl_codec *codec, const struct aidl_method *method,
				   const struct aidl_data *arguments, AParcel *parcel)
{
	binder_status_t status = check_arguments(codec, method, arguments);
	size_t next = 0;

	for (const struct aidl_field *a = method->arguments; a && status == STATUS_OK;
	     a = a->next) {
		const struct aidl_data *given = NULL;

		if (arguments->kind == AIDL_DATA_MAP)
			given = aidl_data_get(arguments, a->name);
		else if ((goes_in(a) || length_goes_in(a)) && next < arguments->count)
			given = &arguments->item[next++];
		status = write_argument(codec, a, given, parcel);
	}
	return status;
}

static binder_status_t read_length(struct aidl_codec *codec, const struct aidl_field *argument,
				   const AParcel *parcel, struct aidl_data *value)
{
	struct place place = begin(codec, argument->name);
	int32_t length;
	binder_status_t status = place_check(&place, parcel_read_int32(parcel, &length));

	if (status != STATUS_OK || length < 0)
		return status;
	aidl_data_set_list(value);
	/* The caller's wish; what it would cost here is not believed. */
	for (int32_t i = 0; i < length && i < 65536; i++)
		if (!aidl_data_append(value))
			return STATUS_NO_MEMORY;
	return STATUS_OK;
}

binder_status_t aidl_request_read(struct aidl_codec *codec, const struct aidl_method *method,
				  const AParcel *parcel, struct aidl_data *arguments)
{
	binder_status_t status = STATUS_OK;

	aidl_data_set_map(arguments);
	for (const struct aidl_field *a = method->arguments; a && status == STATUS_OK;
	     a = a->next) {
		struct aidl_data *value;

		if (!goes_in(a) && !length_goes_in(a))
			continue;
		value = aidl_data_put(arguments, a->name);
		if (!value)
			return STATUS_NO_MEMORY;
		status = length_goes_in(a) ? read_length(codec, a, parcel, value) :
					     aidl_data_read(codec, a->type, a->name, parcel, value);
	}
	return status;
}

/* ---- replies -------------------------------------------------------------------------------- */

binder_status_t aidl_reply_write(struct aidl_codec *codec, const struct aidl_method *method,
				 const struct aidl_data *reply, AParcel *parcel)
{
	binder_status_t status = STATUS_OK;

	if (method->returns->kind != AIDL_VOID)
		status = aidl_data_write(codec, method->returns, "return",
					 aidl_data_get(reply, "return"), parcel);
	for (const struct aidl_field *a = method->arguments; a && status == STATUS_OK; a = a->next)
		if (a->direction & AIDL_OUT)
			status = aidl_data_write(codec, a->type, a->name,
						 aidl_data_get(reply, a->name), parcel);
	return status;
}

static binder_status_t read_named(struct aidl_codec *codec, const struct aidl_type *type,
				  const char *name, const AParcel *parcel, struct aidl_data *map)
{
	struct aidl_data *value = aidl_data_put(map, name);

	return value ? aidl_data_read(codec, type, name, parcel, value) : STATUS_NO_MEMORY;
}

binder_status_t aidl_reply_read(struct aidl_codec *codec, const struct aidl_method *method,
				const AParcel *parcel, struct aidl_data *reply)
{
	binder_status_t status = STATUS_OK;

	aidl_data_set_map(reply);
	if (method->returns->kind != AIDL_VOID)
		status = read_named(codec, method->returns, "return", parcel, reply);
	for (const struct aidl_field *a = method->arguments; a && status == STATUS_OK; a = a->next)
		if (a->direction & AIDL_OUT)
			status = read_named(codec, a->type, a->name, parcel, reply);
	return status;
}
