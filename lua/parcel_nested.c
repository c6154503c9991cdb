/* SPDX-License-Identifier: MIT */
/*
 * parcel_nested.c: parcelables as AIDL writes them: a word for "present", a size
 * that counts itself, and the fields.
 *
 * p:parcelable{{"i32", 1}, {"str", "x"}}, or a parcel, or nil.  Reading gives
 * the fields as a parcel of their own, so that none is read beyond the size, and
 * what a newer sender has put behind them is skipped.
 */
#include "parcel.h"

const char *lb_write_parcelable(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	const char *misuse;
	int32_t start;

	if (lua_isnil(L, index)) {
		*status = AParcel_writeInt32(parcel, 0);
		return NULL;
	}
	if (!lua_istable(L, index) && !lb_parcel_test(L, index))
		return lb_type_expected(L, index, "table of values, parcel or nil");
	*status = AParcel_writeInt32(parcel, 1);
	start = AParcel_getDataPosition(parcel);
	if (*status == STATUS_OK)
		*status = AParcel_writeInt32(parcel, 0);
	if (*status != STATUS_OK)
		return NULL;
	misuse = lb_parcel_write_values(L, parcel, index, status);
	if (misuse || *status != STATUS_OK)
		return misuse;
	*status = lb_parcel_set_size(parcel, start, 0);
	return NULL;
}

binder_status_t lb_read_parcelable(lua_State *L, struct lb_parcel *parcel)
{
	const int top = lua_gettop(L);
	int32_t present, size;
	binder_status_t status = AParcel_readInt32(parcel->parcel, &present);

	if (status == STATUS_OK && !present) {
		lua_pushnil(L);
		return STATUS_OK;
	}
	if (status == STATUS_OK)
		status = AParcel_readInt32(parcel->parcel, &size);
	if (status == STATUS_OK)
		status = size < 4 ? STATUS_BAD_VALUE : lb_parcel_new_part(L, parcel, size - 4);
	if (status != STATUS_OK)
		lua_settop(L, top);
	return status;
}
