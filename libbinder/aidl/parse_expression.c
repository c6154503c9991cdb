/* SPDX-License-Identifier: MIT */
/*
 * parse_expression.c: constants, as trees that constant.c computes.
 *
 * Called by parse.c and parse_type.c.
 */
#include "parser.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct aidl_expression *new_expression(struct parser *parser, enum expression_kind kind)
{
	struct aidl_expression *expression = arena_new(parser->arena, struct aidl_expression);

	expression->kind = kind;
	expression->at = parser->token.at;
	expression->width = parser->token.length > 100 ? 100 : (unsigned)parser->token.length;
	return expression;
}

static void bad_literal(struct parser *parser, const char *why, const char *hint)
{
	int length = parser->token.length > 40 ? 40 : (int)parser->token.length;

	aidl_report(parser->library, parser->token.at,
		    parser->token.length > 100 ? 100 : (unsigned)parser->token.length, hint,
		    "%.*s %s", length, parser->token.text, why);
}

/* ---- literals ----------------------------------------------------------------- */

/* negative: a minus stands before it, so that it may be one larger. */
static bool integer_value(struct parser *parser, bool negative, struct aidl_value *value)
{
	char *text = arena_text(parser->arena, parser->token.text, parser->token.length);
	bool hexadecimal = text[0] == '0' && (text[1] | 0x20) == 'x';
	unsigned long long number;
	char *end;

	value->kind = AIDL_VALUE_INTEGER;
	errno = 0;
	number = strtoull(hexadecimal ? text + 2 : text, &end, hexadecimal ? 16 : 10);
	if (errno == ERANGE ||
	    (!hexadecimal && number > (unsigned long long)INT64_MAX + (negative ? 1 : 0))) {
		bad_literal(parser, "does not fit into 64 bits", NULL);
		return false;
	}
	if (end == text + (hexadecimal ? 2 : 0))
		end = text; /* "0x" */
	if (!strcmp(end, "u8")) {
		if (number > 255) {
			bad_literal(parser, "does not fit into 8 bits", NULL);
			return false;
		}
		number = (unsigned long long)(int64_t)(int8_t)number;
	} else if (!strcmp(end, "L") || !strcmp(end, "l")) {
		value->wide = true;
	} else if (*end) {
		bad_literal(parser, "is not a number", "endings are L for a long, u8 for a byte");
		return false;
	} else if (hexadecimal && number <= UINT32_MAX) {
		number = (unsigned long long)(int64_t)(int32_t)number; /* 0xffffffff is -1 */
	} else if (number > INT32_MAX) {
		value->wide = !(negative && number == (unsigned long long)INT32_MAX + 1);
	}
	value->integer = (int64_t)number;
	return true;
}

static bool floating_value(struct parser *parser, struct aidl_value *value)
{
	char *text = arena_text(parser->arena, parser->token.text, parser->token.length);
	char *end;

	value->kind = AIDL_VALUE_FLOATING;
	value->floating = strtod(text, &end);
	if (*end == 'f' || *end == 'F')
		end++;
	if (!*end && end != text && !isinf(value->floating))
		return true;
	bad_literal(parser, "is not a number", NULL);
	return false;
}

/* AIDL knows no escapes; the real compiler refuses the backslash too. */
static bool plain_text(struct parser *parser)
{
	for (size_t i = 0; i < parser->token.length; i++) {
		unsigned char c = (unsigned char)parser->token.text[i];

		if (c < 0x20 || c >= 0x7f || c == '\\') {
			aidl_report(parser->library, parser->token.at,
				    (unsigned)(i > 98 ? 98 : i) + 2,
				    "strings hold printable ASCII, and there are no escapes",
				    "byte %zu of this string (0x%02x) is not possible in AIDL",
				    i + 1, c);
			return false;
		}
	}
	return true;
}

static bool literal_value(struct parser *parser, bool negative, struct aidl_value *value)
{
	const struct token *token = &parser->token;

	switch (token->kind) {
	case TOKEN_INTEGER:
		return integer_value(parser, negative, value);
	case TOKEN_FLOATING:
		return floating_value(parser, value);
	case TOKEN_STRING:
		value->kind = AIDL_VALUE_STRING;
		value->string = arena_text(parser->arena, token->text, token->length);
		return plain_text(parser);
	default: /* TOKEN_CHARACTER */
		if (token->length != 1) {
			bad_literal(parser, "is not one character", NULL);
			return false;
		}
		value->kind = AIDL_VALUE_CHARACTER;
		value->integer = (unsigned char)token->text[0];
		return plain_text(parser);
	}
}

/* ---- expressions --------------------------------------------------------------- */

static struct aidl_expression *parse_array(struct parser *parser)
{
	struct aidl_expression *array = new_expression(parser, EXPRESSION_ARRAY);
	struct aidl_expression **last = &array->items;

	parser_advance(parser);
	while (!parser_at(parser, "}")) {
		struct aidl_expression *item = parse_expression(parser);

		if (!item)
			return NULL;
		*last = item;
		last = &item->next;
		array->value.count++;
		if (!parser_accept(parser, ","))
			break;
	}
	return parser_expect(parser, "}", "behind the items") ? array : NULL;
}

static struct aidl_expression *parse_unary(struct parser *parser);

static struct aidl_expression *parse_operand(struct parser *parser, bool negative)
{
	struct aidl_expression *expression;

	switch (parser->token.kind) {
	case TOKEN_INTEGER:
	case TOKEN_FLOATING:
	case TOKEN_STRING:
	case TOKEN_CHARACTER:
		expression = new_expression(parser, EXPRESSION_VALUE);
		if (!literal_value(parser, negative, &expression->value))
			expression->value.kind = AIDL_VALUE_NONE; /* reported; go on */
		parser_advance(parser);
		return expression;
	case TOKEN_NAME:
		if (parser_at(parser, "true") || parser_at(parser, "false")) {
			expression = new_expression(parser, EXPRESSION_VALUE);
			expression->value.kind = AIDL_VALUE_BOOLEAN;
			expression->value.integer = parser_at(parser, "true");
			parser_advance(parser);
			return expression;
		}
		expression = new_expression(parser, EXPRESSION_REFERENCE);
		expression->name = parser_qualified(parser, "a value");
		return expression->name ? expression : NULL;
	default:
		break;
	}
	if (parser_at(parser, "{"))
		return parse_array(parser);
	if (parser_accept(parser, "(")) {
		expression = parse_expression(parser);
		return expression && parser_expect(parser, ")", "to match the '('") ? expression :
										      NULL;
	}
	parser_expected(parser, "a value", NULL);
	return NULL;
}

static struct aidl_expression *parse_sign(struct parser *parser)
{
	struct aidl_expression *expression = new_expression(parser, EXPRESSION_UNARY);

	expression->operator[0] = parser->token.text[0];
	parser_advance(parser);
	expression->left = parse_unary(parser);
	return expression->left ? expression : NULL;
}

static struct aidl_expression *parse_unary(struct parser *parser)
{
	bool minus = parser_at(parser, "-");
	struct aidl_expression *expression;

	if (minus && parser->token.length == 1) {
		/* -9223372036854775808 is one number. */
		struct aidl_expression *sign = new_expression(parser, EXPRESSION_UNARY);

		sign->operator[0] = '-';
		parser_advance(parser);
		if (parser->token.kind == TOKEN_INTEGER) {
			sign->left = parse_operand(parser, true);
			return sign->left ? sign : NULL;
		}
		if (!parser_enter(parser))
			return NULL;
		sign->left = parse_unary(parser);
		parser_leave(parser);
		return sign->left ? sign : NULL;
	}
	if (!parser_at(parser, "+") && !parser_at(parser, "!") && !parser_at(parser, "~"))
		return parse_operand(parser, false);
	if (!parser_enter(parser))
		return NULL;
	expression = parse_sign(parser);
	parser_leave(parser);
	return expression;
}

/* C's precedences, the loosest first. */
static unsigned precedence(const struct parser *parser, char operator[3])
{
	static const struct {
		const char *text;
		unsigned level;
	} table[] = {
		{ "||", 1 }, { "&&", 2 }, { "|", 3 },  { "^", 4 },  { "&", 5 },  { "==", 6 },
		{ "!=", 6 }, { "<=", 7 }, { ">=", 7 }, { "<<", 8 }, { "<", 7 },  { ">", 7 },
		{ "+", 9 },  { "-", 9 },  { "*", 10 }, { "/", 10 }, { "%", 10 },
	};
	const struct token *token = &parser->token;

	if (token->kind != TOKEN_SIGN)
		return 0;
	if (token_is(token, ">") && token->text[1] == '>') { /* the lexer gives them singly */
		memcpy(operator, ">>", 3);
		return 8;
	}
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (token_is(token, table[i].text)) {
			memcpy(operator, table[i].text, strlen(table[i].text) + 1);
			return table[i].level;
		}
	}
	return 0;
}

static struct aidl_expression *parse_binary(struct parser *parser, unsigned loosest)
{
	struct aidl_expression *left = parse_unary(parser);
	unsigned operators = 0;
	char operator[3];
	unsigned level;

	while (left && (level = precedence(parser, operator)) >= loosest && level) {
		struct aidl_expression *expression = new_expression(parser, EXPRESSION_BINARY);

		if (++operators > 1000) { /* the tree leans to the left, and is walked down */
			parser_expected(parser, "a shorter expression", NULL);
			return NULL;
		}
		memcpy(expression->operator, operator, sizeof(operator));
		parser_advance(parser);
		if (!strcmp(operator, ">>"))
			parser_advance(parser);
		expression->left = left;
		expression->right = parse_binary(parser, level + 1);
		left = expression->right ? expression : NULL;
	}
	return left;
}

struct aidl_expression *parse_expression(struct parser *parser)
{
	struct aidl_expression *expression;

	if (!parser_enter(parser))
		return NULL;
	expression = parse_binary(parser, 1);
	parser_leave(parser);
	return expression;
}
