/* SPDX-License-Identifier: MIT */
/*
 * find.c: members of declarations by name.
 *
 * Called by users of a library; hands on to nobody.
 */
#include <string.h>

#include "internal.h"

const struct aidl_annotation *aidl_annotation_find(const struct aidl_annotation *first,
						   const char *name)
{
	while (first && strcmp(first->name, name))
		first = first->next;
	return first;
}

const struct aidl_value *aidl_annotation_value(const struct aidl_annotation *annotation,
					       const char *parameter)
{
	for (const struct aidl_parameter *p = annotation->parameters; p; p = p->next)
		if (!strcmp(p->name, parameter))
			return &p->value;
	return NULL;
}

const struct aidl_method *aidl_method_find(const struct aidl_declaration *interface,
					   const char *name)
{
	const struct aidl_method *method = interface->methods;

	while (method && strcmp(method->name, name))
		method = method->next;
	return method;
}

const struct aidl_method *aidl_method_by_code(const struct aidl_declaration *interface,
					      uint32_t code)
{
	const struct aidl_method *method = interface->methods;

	while (method && method->code != code)
		method = method->next;
	return method;
}

const struct aidl_field *aidl_field_find(const struct aidl_declaration *declaration,
					 const char *name)
{
	const struct aidl_field *field = declaration->fields;

	while (field && strcmp(field->name, name))
		field = field->next;
	return field;
}

bool aidl_is_tag(const struct aidl_declaration *declaration)
{
	const struct aidl_declaration *outer = declaration->outer;

	return outer && outer->kind == AIDL_UNION && !strcmp(declaration->name, "Tag");
}

const struct aidl_constant *aidl_constant_find(const struct aidl_declaration *declaration,
					       const char *name)
{
	const struct aidl_constant *constant = declaration->constants;

	while (constant && strcmp(constant->name, name))
		constant = constant->next;
	return constant;
}
