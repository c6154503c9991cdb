/* SPDX-License-Identifier: MIT */
/*
 * suggest.c: names of argument types that other tools use, or that were mistyped.
 */
#include "cli/value/types.h"

#include "cli/verb.h"

static const struct suggest_alias type_aliases[] = {
	{ "s16", "str" },
	{ "string", "str" },
	{ "string16", "str" },
	{ "text", "str" },
	{ "utf8", "str" },
	{ "int", "i32" },
	{ "int32", "i32" },
	{ "s32", "i32" },
	{ "integer", "i32" },
	{ "short", "i32" },
	{ "int16", "i32" },
	{ "i16", "i32" },
	{ "long", "i64" },
	{ "int64", "i64" },
	{ "s64", "i64" },
	{ "float", "f32" },
	{ "f", "f32" },
	{ "double", "f64" },
	{ "d", "f64" },
	{ "boolean", "bool" },
	{ "uint32", "u32" },
	{ "uint", "u32" },
	{ "uint64", "u64" },
	{ "i8", "byte" },
	{ "u8", "byte" },
	{ "int8", "byte" },
	{ "string8", "str8" },
	{ "cstring", "str8" },
	{ "hex", "bytes" },
	{ "blob", "bytes" },
	{ "file", "pfd" },
	{ "parcelfd", "pfd" },
	{ "service", "binder" },
	{ "object", "binder" },
	{ 0 },
};

const char *suggest_type(const char *word)
{
	return suggest_among(type_aliases, word, value_type_name);
}
