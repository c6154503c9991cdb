/* SPDX-License-Identifier: MIT */
/*
 * builtin.c: the types that AIDL brings along, and their longer names.
 *
 * Asked by resolve.c, check.c and print.c.
 */
#include "internal.h"

#include <string.h>

static const struct {
	const char *name, *longer;
	enum aidl_kind kind;
} builtins[] = {
	{ "void", NULL, AIDL_VOID },
	{ "boolean", NULL, AIDL_BOOLEAN },
	{ "byte", NULL, AIDL_BYTE },
	{ "char", NULL, AIDL_CHAR },
	{ "int", NULL, AIDL_INT },
	{ "long", NULL, AIDL_LONG },
	{ "float", NULL, AIDL_FLOAT },
	{ "double", NULL, AIDL_DOUBLE },
	{ "String", "java.lang.String", AIDL_STRING },
	{ "CharSequence", "java.lang.CharSequence", AIDL_CHAR_SEQUENCE },
	{ "IBinder", "android.os.IBinder", AIDL_IBINDER },
	{ "FileDescriptor", "java.io.FileDescriptor", AIDL_FILE_DESCRIPTOR },
	{ "ParcelFileDescriptor", "android.os.ParcelFileDescriptor", AIDL_PARCEL_FILE_DESCRIPTOR },
	{ "ParcelableHolder", "android.os.ParcelableHolder", AIDL_PARCELABLE_HOLDER },
	{ "List", "java.util.List", AIDL_LIST },
	{ "Map", "java.util.Map", AIDL_MAP },
};

enum aidl_kind aidl_builtin(const char *name)
{
	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
		if (!strcmp(name, builtins[i].name) ||
		    (builtins[i].longer && !strcmp(name, builtins[i].longer)))
			return builtins[i].kind;
	return AIDL_UNKNOWN;
}

const char *aidl_builtin_name(enum aidl_kind kind)
{
	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
		if (builtins[i].kind == kind)
			return builtins[i].name;
	return NULL;
}

bool aidl_is_known_import(const char *name)
{
	/* Java's generated code needs them, so people import them; AIDL has no types of these names. */
	static const char *const java[] = {
		"android.content.Context",    "android.os.Binder",
		"android.os.IInterface",      "android.os.Parcel",
		"android.os.Parcelable",      "android.os.RemoteException",
		"android.text.TextUtils",     "java.lang.ClassLoader",
		"java.lang.Object",           "java.util.ArrayList",
		"java.lang.RuntimeException", "java.util.HashMap",
	};

	for (size_t i = 0; i < sizeof(java) / sizeof(java[0]); i++)
		if (!strcmp(name, java[i]))
			return true;
	return aidl_builtin(name) != AIDL_UNKNOWN;
}
