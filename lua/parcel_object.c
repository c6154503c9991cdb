/* SPDX-License-Identifier: MIT */
/*
 * parcel_object.c: the rows of parcel_types.c that are objects of the driver's:
 * binders and file descriptors.
 */
#include <fcntl.h>
#include <stdio.h>

#include "parcel.h"

/* ---- binders ------------------------------------------------------------------- */

const char *lb_write_binder(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	struct lb_service *service = lb_service_test(L, index);

	if (!service && !lua_isnil(L, index))
		return lb_type_expected(L, index, "binder.service or nil");
	if (service && !service->binder)
		return "the service is closed";
	*status = AParcel_writeStrongBinder(parcel, service ? service->binder : NULL);
	return NULL;
}

binder_status_t lb_read_binder(lua_State *L, struct lb_parcel *parcel)
{
	struct lb_service *service = lb_service_new(L);
	binder_status_t status = AParcel_readStrongBinder(parcel->parcel, &service->binder);

	if (status != STATUS_OK) {
		lua_pop(L, 1);
	} else if (!service->binder) {
		lua_pop(L, 1);
		lua_pushnil(L);
	}
	return status;
}

/* ---- descriptors ------------------------------------------------------------------ */

/* NULL, or what is wrong; *ret is borrowed from the file. */
static const char *to_fd(lua_State *L, int index, const char *what, int *ret)
{
	luaL_Stream *stream = luaL_testudata(L, index, LUA_FILEHANDLE);
	lua_Integer fd;
	int exact;

	if (stream) {
		if (!stream->closef)
			return "the file is closed";
		/* The receiver writes behind what is buffered here. */
		fflush(stream->f);
		*ret = fileno(stream->f);
		return NULL;
	}
	if (lua_type(L, index) != LUA_TNUMBER)
		return lb_type_expected(L, index, what);
	fd = lua_tointegerx(L, index, &exact);
	if (!exact || fd < 0 || fd > INT32_MAX)
		return "no descriptor has that number";
	*ret = (int)fd;
	return NULL;
}

/* fd: the bare object */
const char *lb_write_fd(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	int fd = -1;
	const char *misuse = to_fd(L, index, "file or descriptor number", &fd);

	if (!misuse)
		*status = AParcel_writeFd(parcel, fd);
	return misuse;
}

/* pfd: ParcelFileDescriptor, which may be null */
const char *lb_write_pfd(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	const char *misuse = NULL;
	int fd = -1;

	if (!lua_isnil(L, index))
		misuse = to_fd(L, index, "file, descriptor number or nil", &fd);
	if (!misuse)
		*status = AParcel_writeParcelFileDescriptor(parcel, fd);
	return misuse;
}

/* An object stands at the position for the one, the word 1 or 0 for the other: they cannot be
 * mistaken, so both are read alike.  *ret is ours; -1: null. */
static binder_status_t take_fd(const AParcel *parcel, int *ret)
{
	const size_t position = (size_t)AParcel_getDataPosition(parcel);
	uint64_t value;
	int fd;
	binder_status_t status;

	if (AParcel_getObjectAt(parcel, position, &value) != ABINDER_OBJECT_FD)
		return AParcel_readParcelFileDescriptor(parcel, ret);
	status = AParcel_readFd(parcel, &fd);
	if (status != STATUS_OK)
		return status;
	*ret = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return *ret < 0 ? STATUS_NO_MEMORY : STATUS_OK;
}

binder_status_t lb_read_fd(lua_State *L, struct lb_parcel *parcel)
{
	luaL_Stream *stream = lb_file_new(L);
	int fd = -1;
	binder_status_t status = take_fd(parcel->parcel, &fd);

	if (status == STATUS_OK && fd >= 0) {
		if (lb_file_open(stream, fd))
			return STATUS_OK;
		status = STATUS_NO_MEMORY;
	}
	lua_pop(L, 1);
	if (status == STATUS_OK)
		lua_pushnil(L);
	return status;
}

binder_status_t lb_read_pfd(lua_State *L, struct lb_parcel *parcel)
{
	return lb_read_fd(L, parcel);
}
