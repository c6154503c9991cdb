/* SPDX-License-Identifier: MIT */
/*
 * lexer.h: the words of an AIDL file.
 *
 * Pulled one by one by the parser.  The text is hostile: any bytes, any length.
 */
#ifndef AIDL_LEXER_H
#define AIDL_LEXER_H

#include "internal.h"

enum token_kind {
	TOKEN_END,
	TOKEN_NAME,       /* also keywords: AIDL has few, and most may be names too */
	TOKEN_ANNOTATION, /* @name */
	TOKEN_INTEGER,
	TOKEN_FLOATING,
	TOKEN_CHARACTER,
	TOKEN_STRING,
	TOKEN_SIGN, /* ( ) { } [ ] < > , ; = . and operators: see text */
	TOKEN_BAD,  /* reported already */
};

struct token {
	enum token_kind kind;
	const char *text; /* in the document; of quoted ones without the quotes */
	size_t length;
	struct aidl_position at;
	const char *comment; /* the doc comment before it, or NULL; without its stars */
};

struct lexer {
	struct aidl_library *library;
	const struct aidl_document *document;
	size_t offset;
	unsigned line, column;
};

void lexer_start(struct lexer *lexer, struct aidl_library *library,
		 const struct aidl_document *document);
void lexer_next(struct lexer *lexer, struct token *token);

bool token_is(const struct token *token, const char *text);

#endif
