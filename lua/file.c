/* SPDX-License-Identifier: MIT */
/*
 * file.c: a descriptor as a Lua file.
 *
 * Used where one comes in a parcel and where a dump is to be written; the file
 * is an ordinary one of Lua's io library, which closes it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "internal.h"

static int close_file(lua_State *L)
{
	luaL_Stream *stream = luaL_checkudata(L, 1, LUA_FILEHANDLE);

	return luaL_fileresult(L, fclose(stream->f) == 0, NULL);
}

luaL_Stream *lb_file_new(lua_State *L)
{
	luaL_Stream *stream = lua_newuserdatauv(L, sizeof(*stream), 0);

	stream->f = NULL;
	stream->closef = NULL;
	luaL_setmetatable(L, LUA_FILEHANDLE);
	return stream;
}

static const char *mode_of(int fd)
{
	switch (fcntl(fd, F_GETFL) & O_ACCMODE) {
	case O_RDONLY:
		return "r";
	case O_WRONLY:
		return "w"; /* fdopen() truncates nothing */
	default:
		return "r+";
	}
}

bool lb_file_open(luaL_Stream *stream, int fd)
{
	stream->f = fd < 0 ? NULL : fdopen(fd, mode_of(fd));
	if (stream->f)
		stream->closef = close_file;
	else if (fd >= 0)
		close(fd);
	return stream->f != NULL;
}

void lb_file_close(luaL_Stream *stream)
{
	if (stream->closef)
		fclose(stream->f);
	stream->closef = NULL;
}
