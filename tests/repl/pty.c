/* SPDX-License-Identifier: MIT */
/*
 * pty.c: runs a program in a pseudo-terminal and talks to it, as a person would.
 *
 *	pty COMMAND [ARGUMENT]... <<END
 *	expect TEXT       waits until the program has written it, behind what was expected last
 *	send TEXT         types it
 *	run COMMAND       has a shell do something meanwhile; it must succeed
 *	size ROWS COLUMNS makes the window as large
 *	end STATUS        waits until the program ends, with that exit status
 *	END
 *
 * In a TEXT, \r \n \t \e \\ and \xNN mean what they do in C.  Escape sequences
 * and carriage returns are taken out of what the program writes, which
 * is in the file $PTY_RAW as it came.  Used by repl.sh; what went wrong is told with all that was on the terminal.
 */
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct {
	int fd;
	pid_t pid;
	char text[1 << 20]; /* what was written, without escape sequences */
	size_t size, seen;  /* seen: up to here it was expected */
	int escape;         /* where in a sequence the output is */
	FILE *raw;          /* all of it as it came; NULL: not wanted */
} terminal;

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void die(const char *line, const char *why)
{
	printf("pty: %s: %s\n--- the terminal:\n%.*s\n--- expected from here on:\n%.*s\n", line,
	       why, (int)terminal.size, terminal.text, (int)(terminal.size - terminal.seen),
	       terminal.text + terminal.seen);
	kill(terminal.pid, SIGKILL);
	exit(1);
}

/* ESC [ ... letter; ESC and one character. */
static void take(char c)
{
	if (terminal.escape == 1)
		terminal.escape = c == '[' ? 2 : 0;
	else if (terminal.escape == 2)
		terminal.escape = isalpha((unsigned char)c) ? 0 : 2;
	else if (c == '\033')
		terminal.escape = 1;
	else if (c != '\r' && c != '\a' && terminal.size < sizeof(terminal.text) - 1)
		terminal.text[terminal.size++] = c;
}

/* False: the program has closed the terminal. */
static bool read_some(long long until, const char *line)
{
	struct pollfd fd = { .fd = terminal.fd, .events = POLLIN };
	long long left = until - now_ms();
	char buffer[4096];
	ssize_t size;

	if (left <= 0 || poll(&fd, 1, (int)left) == 0)
		die(line, "never came");
	size = read(terminal.fd, buffer, sizeof(buffer));
	if (terminal.raw && size > 0)
		fwrite(buffer, 1, (size_t)size, terminal.raw);
	for (ssize_t i = 0; i < size; i++)
		take(buffer[i]);
	terminal.text[terminal.size] = 0;
	return size > 0 || (size < 0 && errno == EINTR);
}

static size_t unescape(const char *text, char *out)
{
	static const char letters[] = "rnte\\", values[] = "\r\n\t\033\\";
	char *to = out;

	while (*text) {
		const char *letter;

		if (*text != '\\') {
			*to++ = *text++;
		} else if (text[1] == 'x') {
			char digits[3] = { text[2], text[3], 0 };

			*to++ = (char)strtol(digits, NULL, 16);
			text += 4;
		} else {
			letter = strchr(letters, text[1]);
			*to++ = letter ? values[letter - letters] : text[1];
			text += 2;
		}
	}
	*to = 0;
	return (size_t)(to - out);
}

/* ---- the commands -------------------------------------------------------------------- */

static long long patience(void)
{
	const char *text = getenv("PTY_TIMEOUT");

	return now_ms() + (text ? atoi(text) : 10) * 1000LL;
}

static void expect(const char *line, const char *text)
{
	long long until = patience();
	char *place;

	while (!(place = strstr(terminal.text + terminal.seen, text)))
		if (!read_some(until, line))
			die(line, "the program has ended");
	terminal.seen = (size_t)(place - terminal.text) + strlen(text);
}

static void send_text(const char *line, const char *text, size_t size)
{
	if (write(terminal.fd, text, size) != (ssize_t)size)
		die(line, strerror(errno));
}

static void resize(const char *line, const char *text)
{
	struct winsize window = { 0 };

	if (sscanf(text, "%hu %hu", &window.ws_row, &window.ws_col) != 2 ||
	    ioctl(terminal.fd, TIOCSWINSZ, &window) < 0)
		die(line, strerror(errno));
}

static void end(const char *line, const char *text)
{
	long long until = patience();
	int status;

	while (read_some(until, line))
		;
	if (waitpid(terminal.pid, &status, 0) < 0)
		die(line, strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != atoi(text))
		die(line, "it ended otherwise");
}

static void obey(char *line)
{
	char text[4096], *rest = line + strcspn(line, " ");
	size_t size = unescape(rest + (*rest == ' '), text);

	if (!strncmp(line, "expect ", 7))
		expect(line, text);
	else if (!strncmp(line, "send ", 5))
		send_text(line, text, size);
	else if (!strncmp(line, "run ", 4) && system(line + 4) == 0)
		;
	else if (!strncmp(line, "size ", 5))
		resize(line, text);
	else if (!strncmp(line, "end ", 4))
		end(line, text);
	else
		die(line, "failed");
}

int main(int argc, char **argv)
{
	struct winsize window = { .ws_row = 24, .ws_col = 80 };
	char line[2048];

	if (argc < 2)
		return 2;
	if (getenv("PTY_RAW"))
		terminal.raw = fopen(getenv("PTY_RAW"), "we");
	terminal.pid = forkpty(&terminal.fd, NULL, NULL, &window);
	if (terminal.pid < 0) {
		perror("pty");
		return 1;
	}
	if (terminal.pid == 0) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		if (*line && *line != '#')
			obey(line);
	}
	kill(terminal.pid, SIGKILL);
	if (terminal.raw)
		fclose(terminal.raw);
	return 0;
}
