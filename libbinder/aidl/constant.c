/* SPDX-License-Identifier: MIT */
/*
 * constant.c: computes constants, defaults and sizes.
 *
 * Called by check.c; hands on to resolve.c for names.  The arithmetic is AIDL's:
 * of ints, or of longs when one side is one, and what overflows is an error.
 */
#include "internal.h"

#include <string.h>

#define MAX_DEPTH 400     /* of expressions that refer to one another */
#define MAX_STRING 65536u /* bytes of one that is put together */

struct evaluation {
	struct aidl_library *library;
	const struct aidl_declaration *scope;
};

static const char *kind_name(const struct aidl_value *value)
{
	static const char *const names[] = {
		[AIDL_VALUE_NONE] = "nothing",        [AIDL_VALUE_BOOLEAN] = "a boolean",
		[AIDL_VALUE_CHARACTER] = "a char",    [AIDL_VALUE_INTEGER] = "a number",
		[AIDL_VALUE_FLOATING] = "a fraction", [AIDL_VALUE_STRING] = "a string",
		[AIDL_VALUE_ARRAY] = "an array",
	};

	return names[value->kind];
}

static bool fail(struct evaluation *evaluation, const struct aidl_expression *expression,
		 const char *message)
{
	aidl_report(evaluation->library, expression->at, expression->width, NULL, "%s", message);
	return false;
}

static bool compute(struct evaluation *evaluation, struct aidl_expression *expression);

/* ---- arithmetic ------------------------------------------------------------------ */

static bool is_whole(const struct aidl_value *value)
{
	return value->kind == AIDL_VALUE_INTEGER || value->kind == AIDL_VALUE_BOOLEAN;
}

static struct aidl_value integer(int64_t number, bool wide)
{
	return (struct aidl_value){ .kind = AIDL_VALUE_INTEGER, .integer = number, .wide = wide };
}

static struct aidl_value boolean(bool truth)
{
	return (struct aidl_value){ .kind = AIDL_VALUE_BOOLEAN, .integer = truth };
}

static bool unary(struct evaluation *evaluation, struct aidl_expression *expression)
{
	const struct aidl_value *value = &expression->left->value;
	struct aidl_value *ret = &expression->value;

	if (value->kind == AIDL_VALUE_FLOATING && strchr("+-", expression->operator[0])) {
		*ret = *value;
		if (expression->operator[0] == '-')
			ret->floating = -value->floating;
		return true;
	}
	if (!is_whole(value)) {
		aidl_report(evaluation->library, expression->at, expression->width, NULL,
			    "%s cannot be computed with %s", expression->operator,
			    kind_name(value));
		return false;
	}
	switch (expression->operator[0]) {
	case '!':
		*ret = boolean(!value->integer);
		return true;
	case '~':
		*ret = integer(~value->integer, value->wide);
		return true;
	case '-':
		if (value->integer == (value->wide ? INT64_MIN : INT32_MIN) &&
		    expression->left->kind != EXPRESSION_VALUE)
			return fail(evaluation, expression, "this number becomes too large");
		*ret = integer((int64_t)(0 - (uint64_t)value->integer), value->wide);
		return true;
	default:
		*ret = integer(value->integer, value->wide);
		return true;
	}
}

static bool shift(struct evaluation *evaluation, struct aidl_expression *expression)
{
	const struct aidl_value *left = &expression->left->value;
	int64_t by = expression->right->value.integer;
	bool right = expression->operator[0] == '>';
	unsigned bits = left->wide ? 64 : 32;
	uint64_t pattern = left->wide ? (uint64_t)left->integer : (uint64_t)(uint32_t)left->integer;

	if (by <= -(int64_t)bits || by >= bits)
		return fail(evaluation, expression, "a shift must be by at most 31 (or 63) bits");
	if (by < 0) { /* the other way */
		right = !right;
		by = -by;
	}
	if (right) {
		expression->value = integer(left->integer >> by, left->wide);
		return true;
	}
	if (by && (left->integer < 0 || pattern >> (bits - (unsigned)by)))
		return fail(evaluation, expression, "this shift loses bits");
	pattern <<= by;
	expression->value =
		integer(left->wide ? (int64_t)pattern : (int32_t)(uint32_t)pattern, left->wide);
	return true;
}

/* False: too large, or divided by nothing. */
static bool calculate(const char *operator, int64_t left, int64_t right, int64_t *ret)
{
	switch (operator[0]) {
	case '+':
		return !__builtin_add_overflow(left, right, ret);
	case '-':
		return !__builtin_sub_overflow(left, right, ret);
	case '*':
		return !__builtin_mul_overflow(left, right, ret);
	case '|':
		*ret = left | right;
		return true;
	case '&':
		*ret = left & right;
		return true;
	case '^':
		*ret = left ^ right;
		return true;
	default: /* / and % */
		if (!right || (left == INT64_MIN && right == -1))
			return false;
		*ret = operator[0] == '/' ? left / right : left % right;
		return true;
	}
}

static bool compare(const char *operator, int64_t left, int64_t right, bool *ret)
{
	if (!strcmp(operator, "=="))
		*ret = left == right;
	else if (!strcmp(operator, "!="))
		*ret = left != right;
	else if (!strcmp(operator, "<"))
		*ret = left < right;
	else if (!strcmp(operator, ">"))
		*ret = left > right;
	else if (!strcmp(operator, "<="))
		*ret = left <= right;
	else if (!strcmp(operator, ">="))
		*ret = left >= right;
	else if (!strcmp(operator, "&&"))
		*ret = left && right;
	else if (!strcmp(operator, "||"))
		*ret = left || right;
	else
		return false;
	return true;
}

static bool join(struct evaluation *evaluation, struct aidl_expression *expression)
{
	const char *left = expression->left->value.string;
	const char *right = expression->right->value.string;

	if (strcmp(expression->operator, "+"))
		return fail(evaluation, expression, "strings can be joined by +, nothing else");
	if (strlen(left) + strlen(right) > MAX_STRING)
		return fail(evaluation, expression, "this string becomes too long");
	expression->value.kind = AIDL_VALUE_STRING;
	expression->value.string = arena_print(&evaluation->library->arena, "%s%s", left, right);
	return true;
}

static bool binary(struct evaluation *evaluation, struct aidl_expression *expression)
{
	const struct aidl_value *left = &expression->left->value;
	const struct aidl_value *right = &expression->right->value;
	bool wide = left->wide || right->wide;
	int64_t number;
	bool truth;

	if (left->kind == AIDL_VALUE_STRING && right->kind == AIDL_VALUE_STRING)
		return join(evaluation, expression);
	if (!is_whole(left) || !is_whole(right)) {
		aidl_report(evaluation->library, expression->at, expression->width, NULL,
			    "%s cannot be computed from %s and %s", expression->operator,
			    kind_name(left), kind_name(right));
		return false;
	}
	if (!strcmp(expression->operator, "<<") || !strcmp(expression->operator, ">>"))
		return shift(evaluation, expression);
	if (compare(expression->operator, left->integer, right->integer, &truth)) {
		expression->value = boolean(truth);
		return true;
	}
	if (!calculate(expression->operator, left->integer, right->integer, &number) ||
	    (!wide && number != (int32_t)number))
		return fail(evaluation, expression,
			    strchr("/%", expression->operator[0]) && !right->integer ?
				    "this divides by zero" :
				    "this number becomes too large");
	expression->value = integer(number, wide);
	return true;
}

/* ---- what expressions are made of ---------------------------------------------------- */

/* Inner scopes first; in an enum its own names. */
static const struct aidl_constant *constant_in_scope(struct evaluation *evaluation,
						     const char *name,
						     const struct aidl_declaration **owner)
{
	for (const struct aidl_declaration *d = evaluation->scope; d; d = d->outer) {
		const struct aidl_constant *constant = aidl_constant_find(d, name);

		if (constant) {
			*owner = d;
			return constant;
		}
	}
	return NULL;
}

static const struct aidl_constant *find_constant(struct evaluation *evaluation, const char *name,
						 const struct aidl_declaration **owner)
{
	const char *dot = strrchr(name, '.');
	char *type;

	if (!dot)
		return constant_in_scope(evaluation, name, owner);
	type = arena_text(&evaluation->library->arena, name, (size_t)(dot - name));
	*owner = aidl_resolve_name(evaluation->library, evaluation->scope->at.document,
				   evaluation->scope, type);
	return *owner ? aidl_constant_find(*owner, dot + 1) : NULL;
}

static bool reference(struct evaluation *evaluation, struct aidl_expression *expression)
{
	const struct aidl_declaration *owner = NULL;
	const struct aidl_constant *constant = find_constant(evaluation, expression->name, &owner);

	if (!constant) {
		aidl_report(evaluation->library, expression->at, (unsigned)strlen(expression->name),
			    NULL,
			    owner ? "there is no such constant: %s" : "there is no constant %s",
			    expression->name);
		return false;
	}
	if (!aidl_constant_value(evaluation->library, owner, AIDL_OWN(constant)))
		return false;
	expression->value = constant->value;
	return true;
}

static bool array(struct evaluation *evaluation, struct aidl_expression *expression)
{
	size_t count = expression->value.count;
	struct aidl_value *items;
	size_t i = 0;

	items = arena_take(&evaluation->library->arena, (count + 1) * sizeof(*items));
	for (struct aidl_expression *item = expression->items; item; item = item->next) {
		if (!compute(evaluation, item))
			return false;
		items[i++] = item->value;
	}
	expression->value.kind = AIDL_VALUE_ARRAY;
	expression->value.item = items;
	return true;
}

static bool compute_open(struct evaluation *evaluation, struct aidl_expression *expression)
{
	switch (expression->kind) {
	case EXPRESSION_VALUE:
		return expression->value.kind != AIDL_VALUE_NONE;
	case EXPRESSION_REFERENCE:
		return reference(evaluation, expression);
	case EXPRESSION_UNARY:
		return compute(evaluation, expression->left) && unary(evaluation, expression);
	case EXPRESSION_BINARY:
		return compute(evaluation, expression->left) &&
		       compute(evaluation, expression->right) && binary(evaluation, expression);
	default:
		return array(evaluation, expression);
	}
}

/* False: reported now or before. */
static bool compute(struct evaluation *evaluation, struct aidl_expression *expression)
{
	bool good;

	if (expression->state == EXPRESSION_UNDER_WAY)
		return fail(evaluation, expression, "this value depends on itself");
	if (expression->state == EXPRESSION_DONE)
		return expression->value.kind != AIDL_VALUE_NONE;
	if (evaluation->library->depth >= MAX_DEPTH)
		return fail(evaluation, expression, "this is nested too deeply to be computed");
	expression->state = EXPRESSION_UNDER_WAY;
	evaluation->library->depth++;
	good = compute_open(evaluation, expression);
	evaluation->library->depth--;
	expression->state = EXPRESSION_DONE;
	if (!good)
		expression->value.kind = AIDL_VALUE_NONE;
	return good;
}

/* ---- values for a type ------------------------------------------------------------------ */

static bool in_range(const struct aidl_value *value, enum aidl_kind kind)
{
	if (kind == AIDL_BOOLEAN)
		return value->integer == 0 || value->integer == 1;
	if (kind == AIDL_BYTE)
		return value->integer == (int8_t)value->integer;
	if (kind == AIDL_INT)
		return value->integer == (int32_t)value->integer;
	return true;
}

static bool fits(const struct aidl_value *value, const struct aidl_type *type)
{
	switch (type->kind) {
	case AIDL_BOOLEAN:
		return is_whole(value);
	case AIDL_BYTE:
	case AIDL_INT:
	case AIDL_LONG:
		return is_whole(value);
	case AIDL_CHAR:
		return value->kind == AIDL_VALUE_CHARACTER;
	case AIDL_FLOAT:
	case AIDL_DOUBLE:
		return value->kind == AIDL_VALUE_FLOATING || value->kind == AIDL_VALUE_INTEGER;
	case AIDL_STRING:
	case AIDL_CHAR_SEQUENCE:
		return value->kind == AIDL_VALUE_STRING;
	case AIDL_ENUM:
		return value->kind == AIDL_VALUE_INTEGER;
	case AIDL_ARRAY:
	case AIDL_LIST:
		return value->kind == AIDL_VALUE_ARRAY;
	default:
		return false;
	}
}

static bool convert(struct evaluation *evaluation, const struct aidl_expression *expression,
		    const struct aidl_type *type, const struct aidl_value *value,
		    struct aidl_value *ret);

static bool convert_items(struct evaluation *evaluation, const struct aidl_expression *expression,
			  const struct aidl_type *type, struct aidl_value *ret)
{
	const struct aidl_type *element = type->kind == AIDL_ARRAY ? type->element :
					  type->arguments          ? type->argument[0] :
								     NULL;
	const struct aidl_expression *at = expression->items;
	struct aidl_value *items;

	if (!element)
		return true;
	if (type->size >= 0 && (size_t)type->size != ret->count) {
		aidl_report(evaluation->library, expression->at, 1, NULL,
			    "%zu items for an array of %lld", ret->count, (long long)type->size);
		return false;
	}
	items = arena_take(&evaluation->library->arena, (ret->count + 1) * sizeof(*items));
	for (size_t i = 0; i < ret->count; i++, at = at->next)
		if (!convert(evaluation, at, element, &ret->item[i], &items[i]))
			return false;
	ret->item = items;
	return true;
}

static bool convert(struct evaluation *evaluation, const struct aidl_expression *expression,
		    const struct aidl_type *type, const struct aidl_value *value,
		    struct aidl_value *ret)
{
	enum aidl_kind kind = type->kind == AIDL_ENUM ? type->declaration->backing ?
							type->declaration->backing->kind :
							AIDL_LONG :
							type->kind;

	if (!fits(value, type)) {
		aidl_report(evaluation->library, expression->at, expression->width, NULL,
			    "%s is no value for %s", kind_name(value),
			    type->name ? type->name : "an array");
		return false;
	}
	if (is_whole(value) && !in_range(value, kind)) {
		aidl_report(evaluation->library, expression->at, expression->width, NULL,
			    "%lld does not fit into %s", (long long)value->integer, type->name);
		return false;
	}
	*ret = *value;
	if (kind == AIDL_FLOAT || kind == AIDL_DOUBLE) {
		if (value->kind == AIDL_VALUE_INTEGER)
			ret->floating = (double)value->integer;
		ret->kind = AIDL_VALUE_FLOATING;
		if (kind == AIDL_FLOAT)
			ret->floating = (double)(float)ret->floating;
	} else if (kind == AIDL_BOOLEAN) {
		ret->kind = AIDL_VALUE_BOOLEAN;
	} else if (kind == AIDL_BYTE || kind == AIDL_INT || kind == AIDL_LONG) {
		ret->kind = AIDL_VALUE_INTEGER;
		ret->wide = kind == AIDL_LONG;
	}
	if (value->kind != AIDL_VALUE_ARRAY)
		return true;
	return convert_items(evaluation, expression, type, ret);
}

bool aidl_evaluate(struct aidl_library *library, const struct aidl_declaration *scope,
		   struct aidl_expression *expression, const struct aidl_type *type,
		   struct aidl_value *ret)
{
	struct evaluation evaluation = { library, scope };

	if (!compute(&evaluation, expression))
		return false;
	if (type && type->kind != AIDL_UNKNOWN)
		return convert(&evaluation, expression, type, &expression->value, ret);
	*ret = expression->value;
	return true;
}

/* A name of an enum without a value of its own: one more than the one before it. */
static bool follow_previous(struct aidl_library *library, struct aidl_constant *constant)
{
	const struct aidl_constant *previous = constant->previous;
	struct aidl_value value = integer(0, constant->type->kind == AIDL_LONG);

	if (previous) {
		if (previous->value.kind == AIDL_VALUE_NONE)
			return false;
		value.integer = previous->value.integer;
		if (value.integer == INT64_MAX)
			value.integer = INT64_MIN;
		else
			value.integer++;
		if (value.integer == INT64_MIN || !in_range(&value, constant->type->kind)) {
			aidl_report(library, constant->at, (unsigned)strlen(constant->name),
				    "give it a value, or the enum a larger @Backing",
				    "%s would be too large for %s", constant->name,
				    constant->type->name);
			return false;
		}
	}
	constant->value = value;
	return true;
}

bool aidl_constant_value(struct aidl_library *library, const struct aidl_declaration *scope,
			 struct aidl_constant *constant)
{
	const struct aidl_constant *first = constant;

	if (constant->value.kind != AIDL_VALUE_NONE)
		return true;
	if (constant->expression)
		return aidl_evaluate(library, scope, constant->expression, constant->type,
				     &constant->value);
	/* Those before it, from the last one that is known; never by recursion. */
	while (first->previous && !first->expression && first->value.kind == AIDL_VALUE_NONE)
		first = first->previous;
	for (; first != constant; first = first->next)
		if (first->value.kind == AIDL_VALUE_NONE &&
		    !(first->expression ? aidl_evaluate(library, scope, first->expression,
							first->type, &AIDL_OWN(first)->value) :
					  follow_previous(library, AIDL_OWN(first))))
			return false;
	return follow_previous(library, constant);
}
