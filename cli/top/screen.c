/* SPDX-License-Identifier: MIT */
/*
 * screen.c: the table of `binderctl top` on a terminal, by ncurses.
 *
 * Called by top.c.  One loop waits for keys and for events.
 */
#include "cli/top/top.h"

#include <ctype.h>
#include <curses.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <time.h>
#include <unistd.h>

#include "cli/errors.h"

/* The end of the driver is noticed within this time. */
#define LOOK_MS 250
#define HEAD 3 /* lines above the rows */
#define ESCAPE 27

struct screen {
	struct top *top;
	SCREEN *curses;
	size_t first; /* the row at the top */
	bool asks;    /* a filter is being typed */
	bool helps;   /* the keys are shown instead of the table */
	bool ends;
};

static const char *const help[] = {
	"c b p m f n   sort by calls, bytes, 95th percentile, maximum, failures, name",
	"r             reverse the order",
	"/             filter: show targets and methods with this text; Escape: all",
	"z             begin to count anew",
	"arrows, Page Up, Page Down, Home   move through the rows",
	"h ?           this help, and back",
	"q Ctrl-C      end",
	"",
	"CALL/S and BYTE/S are of the last interval; the times (from a call to its answer, of a",
	"one-way call until a thread reads it), and FAIL are since top or z began to count.",
	"BUSY: threads of the service's process that handle a call, of those that serve.",
	"QUEUE: calls to the process that no thread has read yet.",
	NULL,
};

/* ---- drawing ------------------------------------------------------------------------- */

static void put(int line, attr_t how, const char *text)
{
	move(line, 0);
	clrtoeol();
	attron(how);
	addnstr(text, COLS);
	attroff(how);
}

/* The lines that table.c prints. */
static void put_line(const struct screen *screen, int line, attr_t how, ssize_t row)
{
	const struct table *table = &screen->top->table;
	char text[512] = "";
	int width = COLS < (int)sizeof(text) ? COLS : (int)sizeof(text) - 1;
	FILE *out = fmemopen(text, sizeof(text), "w");

	if (!out)
		return;
	if (row < 0)
		table_print_head(table, width, out);
	else
		table_print_row(table, (size_t)row, width, out);
	fclose(out);
	put(line, how, text);
}

static void put_summary(const struct screen *screen)
{
	const struct top *top = screen->top;
	const struct table *table = &top->table;
	char calls[16], bytes[16], text[512], clock[16];
	unsigned long long lost = event_reader_lost(top->live.reader);
	time_t now = time(NULL);
	struct tm tm;

	strftime(clock, sizeof(clock), "%H:%M:%S", localtime_r(&now, &tm));
	table_print_number(table->calls_rate, calls);
	table_print_number(table->bytes_rate, bytes);
	snprintf(text, sizeof(text),
		 "%s  %s calls/s  %s bytes/s  %zu waiting  %llu failed  %llu events lost", clock,
		 calls, bytes, conversations_open(top->live.conversations),
		 (unsigned long long)table->failed, lost);
	put(0, A_NORMAL, text);
}

static void put_keys(const struct screen *screen)
{
	const struct table *table = &screen->top->table;
	char text[256];

	if (screen->asks)
		snprintf(text, sizeof(text), "filter: %s", table->filter);
	else
		snprintf(text, sizeof(text), "q end  h help  / filter%s%s  sort: %s%s",
			 *table->filter ? ": " : "", table->filter, table_sort_name[table->sort],
			 table->reversed ? ", reversed" : "");
	put(1, A_NORMAL, text);
	if (screen->asks)
		move(1, (int)strlen(text) < COLS ? (int)strlen(text) : COLS - 1);
}

static size_t shown_rows(void)
{
	return LINES > HEAD ? (size_t)(LINES - HEAD) : 0;
}

static void draw(struct screen *screen)
{
	struct table *table = &screen->top->table;

	erase();
	if (screen->helps) {
		for (int i = 0; help[i]; i++)
			put(i, A_NORMAL, help[i]);
		refresh();
		return;
	}
	table_make(table, screen->top->live.connection, screen->first + shown_rows());
	if (screen->first >= table->count)
		screen->first = table->count ? table->count - 1 : 0;
	put_summary(screen);
	put_line(screen, 2, A_REVERSE, -1);
	for (size_t i = 0; i < shown_rows() && screen->first + i < table->count; i++)
		put_line(screen, HEAD + (int)i, A_NORMAL, (ssize_t)(screen->first + i));
	if (!table->count)
		put(HEAD, A_NORMAL, *table->filter ? "no call matches the filter" : "no calls yet");
	put_keys(screen);
	refresh();
}

/* ---- keys ---------------------------------------------------------------------------- */

static void type_filter(struct screen *screen, int key)
{
	char *filter = screen->top->table.filter;
	size_t length = strlen(filter);

	if (key == '\n' || key == '\r' || key == KEY_ENTER || key == ESCAPE) {
		screen->asks = false;
		if (key == ESCAPE)
			*filter = 0;
	} else if (key == KEY_BACKSPACE || key == 127 || key == '\b') {
		filter[length ? length - 1 : 0] = 0;
	} else if (key < 128 && isprint(key) && length + 1 < sizeof(screen->top->table.filter)) {
		filter[length] = (char)key;
		filter[length + 1] = 0;
	}
}

static void move_by(struct screen *screen, long rows)
{
	if (rows < 0 && screen->first < (size_t)-rows)
		screen->first = 0;
	else
		screen->first += (size_t)rows;
}

static void obey(struct screen *screen, int key)
{
	static const char sort_keys[] = "cbpmfn";
	struct table *table = &screen->top->table;
	const char *sort = key > 0 && key < 128 ? strchr(sort_keys, key) : NULL;
	const long page = shown_rows() ? (long)shown_rows() : 1;

	if (key == KEY_RESIZE)
		return; /* all is drawn again */
	if (screen->asks)
		type_filter(screen, key);
	else if (sort)
		table->sort = (enum table_sort)(sort - sort_keys);
	else if (key == 'q')
		screen->ends = true;
	else if (key == 'r')
		table->reversed = !table->reversed;
	else if (key == '/')
		screen->asks = true;
	else if (key == ESCAPE)
		*table->filter = 0;
	else if (key == 'z')
		totals_clear(screen->top->totals);
	else if (key == 'h' || key == '?')
		screen->helps = !screen->helps;
	else if (key == KEY_DOWN || key == KEY_UP)
		move_by(screen, key == KEY_DOWN ? 1 : -1);
	else if (key == KEY_NPAGE || key == KEY_PPAGE)
		move_by(screen, key == KEY_NPAGE ? page : -page);
	else if (key == KEY_HOME)
		screen->first = 0;
}

/* ---- the loop ------------------------------------------------------------------------ */

/* A terminal on which the cursor cannot be moved is none for a screen. */
static int open_screen(struct screen *screen)
{
	const struct arguments *arguments = screen->top->arguments;
	const char *term = getenv("TERM");
	const char *move_cursor;
	int error = 0;

	if (setupterm(NULL, STDOUT_FILENO, &error) != OK)
		return fail(arguments, EXIT_OTHER, "binderctl top --batch 1",
			    "the terminal '%s' is not known", term ? term : "");
	move_cursor = tigetstr("cup");
	if (!move_cursor || move_cursor == (const char *)-1)
		return fail(arguments, EXIT_OTHER, "binderctl top --batch 1",
			    "the terminal '%s' cannot move its cursor", term ? term : "");
	screen->curses = newterm(NULL, stdout, stdin);
	if (!screen->curses)
		return fail(arguments, EXIT_OTHER, "binderctl top --batch 1",
			    "the terminal '%s' cannot be used", term ? term : "");
	set_escdelay(50);
	cbreak();
	noecho();
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	curs_set(0);
	return EXIT_OK;
}

/* Until a key, an event, a signal, or the end of the interval. */
static void wait_for_something(struct screen *screen)
{
	const struct top *top = screen->top;
	struct pollfd fds[2] = { { .fd = STDIN_FILENO, .events = POLLIN },
				 { .fd = event_reader_fd(top->live.reader), .events = POLLIN } };
	long long left = top->begun + (long long)(top->interval * 1000) - session_now();
	int deadline = session_left(top->session);

	if (left > LOOK_MS)
		left = LOOK_MS;
	if (deadline >= 0 && left > deadline)
		left = deadline;
	if (left > 0)
		poll(fds, 2, (int)left);
	if (fds[0].revents & (POLLHUP | POLLERR))
		screen->ends = true;
}

static int loop(struct screen *screen)
{
	struct top *top = screen->top;
	int result = EXIT_OK;

	draw(screen);
	while (!screen->ends && !live_interrupted() && session_left(top->session) != 0) {
		bool due = false;
		int key;

		wait_for_something(screen);
		result = top_wait(top, 0, &due);
		if (result != EXIT_OK)
			return result;
		while (!screen->ends && (key = getch()) != ERR) {
			obey(screen, key);
			due = true;
		}
		if (due)
			draw(screen);
	}
	return EXIT_OK;
}

int screen_run(struct top *top)
{
	struct screen screen = { .top = top };
	int result = open_screen(&screen);

	if (result != EXIT_OK)
		return result;
	result = loop(&screen);
	endwin();
	delscreen(screen.curses);
	return result;
}
