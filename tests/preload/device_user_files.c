/* SPDX-License-Identifier: MIT */
/*
 * device_user_files.c: rules of device_user.c about the directories and files of /dev/binderfs,
 * and about calls that are made by number.
 */
#include "device_user.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#define BINDERFS "/dev/binderfs"
#define LOGS BINDERFS "/binder_logs"

/* Counts one name, and wants its type. */
static int count_in(DIR *dir, const char *name, unsigned char type)
{
	struct dirent *entry;
	int count = 0;

	need(dir != NULL);
	while ((entry = readdir(dir))) {
		if (strcmp(entry->d_name, name) != 0)
			continue;
		need(entry->d_type == type);
		count++;
	}
	return count;
}

static int count(const char *path, const char *name, unsigned char type)
{
	DIR *dir = opendir(path);
	int found = count_in(dir, name, type);

	need(closedir(dir) == 0);
	return found;
}

void binderfs_can_be_listed(void)
{
	static const char *const logs[] = { "state", "stats", "transactions", "transaction_log",
					    "failed_transaction_log" };
	static const char *const devices[] = { "binder", "hwbinder", "vndbinder" };
	struct stat st;

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		need(count(BINDERFS, devices[i], DT_CHR) == 1);
	need(count(BINDERFS "/", "features", DT_DIR) == 1);
	need(count(BINDERFS, "binder_logs", DT_DIR) == 1);
	need(count(BINDERFS, "..", DT_DIR) == 1);
	need(count(BINDERFS, "log", DT_REG) == 0);
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++)
		need(count(LOGS, logs[i], DT_REG) == 1);
	need(count(LOGS, "proc", DT_DIR) == 1);
	need(count(BINDERFS "/features", "extended_error", DT_REG) == 1);
	need(stat(BINDERFS, &st) == 0 && S_ISDIR(st.st_mode));
	need(lstat(LOGS "/proc", &st) == 0 && S_ISDIR(st.st_mode));
	need(access(BINDERFS, R_OK | X_OK) == 0);
	need(access(BINDERFS, W_OK) < 0 && errno == EACCES);
	need(opendir(DEVICE) == NULL && errno == ENOTDIR);
	need(opendir(BINDERFS "/none/none") == NULL && errno == ENOENT);
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

void every_way_to_list_works(void)
{
	struct dirent **entry, *next, room;
	struct dirent64 *next64;
	DIR *dir = opendir(BINDERFS);
	long at;
	int n;

	need(dir != NULL && (next64 = readdir64(dir)) && strcmp(next64->d_name, ".") == 0);
	at = telldir(dir);
	need((next = readdir(dir)) && strcmp(next->d_name, "..") == 0);
	seekdir(dir, at);
	need((next = readdir(dir)) && strcmp(next->d_name, "..") == 0);
	rewinddir(dir);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	need(readdir_r(dir, &room, &next) == 0 && next == &room && strcmp(room.d_name, ".") == 0);
#pragma GCC diagnostic pop
	need(dirfd(dir) >= 0 && closedir(dir) == 0);

	n = scandir(BINDERFS, &entry, not_hidden, alphasort);
	need(n >= 5 && strcmp(entry[0]->d_name, "binder") == 0);
	while (n > 0)
		free(entry[--n]);
	free(entry);
	n = scandirat(AT_FDCWD, BINDERFS "/features", &entry, not_hidden, alphasort);
	need(n == 3 && strcmp(entry[0]->d_name, "extended_error") == 0);
	/* What is no directory of ours is as ever. */
	need((dir = opendir("/proc/self")) && readdir(dir) && closedir(dir) == 0);
}

void a_directory_s_descriptor_leads_to_devices(void)
{
	int top = open(BINDERFS, O_RDONLY | O_DIRECTORY | O_CLOEXEC), copy, fd, other;
	struct binder_version version;
	struct stat st;
	struct statx stx;
	char byte[2];

	need(top >= 0 && fstat(top, &st) == 0 && S_ISDIR(st.st_mode));
	need((fd = openat(top, "hwbinder", O_RDWR | O_CLOEXEC)) >= 0);
	need(ioctl(fd, BINDER_VERSION, &version) == 0);
	need(fstatat(top, "binder", &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISCHR(st.st_mode));
	need(statx(top, "features", 0, STATX_TYPE, &stx) == 0 && S_ISDIR(stx.stx_mode));
	need(faccessat(top, "./hwbinder", R_OK, 0) == 0);
	need(fstatat(top, "none", &st, 0) < 0 && errno == ENOENT);
	need((copy = dup(top)) >= 0 && close(top) == 0);
	need((other = openat(copy, "features", O_RDONLY | O_DIRECTORY)) >= 0);
	need((fd = openat(other, "extended_error", O_RDONLY)) >= 0);
	need(read(fd, byte, sizeof(byte)) == 2 && byte[0] == '1');
	need(count_in(fdopendir(copy), "vndbinder", DT_CHR) == 1);
	/* The number belongs to another file then. */
	need(dup2(open("/", O_RDONLY | O_DIRECTORY), other) == other);
	need(openat(other, "extended_error", O_RDONLY) < 0 && errno == ENOENT);
}

static bool has_line(const char *path, const char *start)
{
	FILE *file = fopen(path, "re");
	char line[512];
	bool found = false;

	need(file != NULL);
	while (fgets(line, sizeof(line), file))
		found |= strncmp(line, start, strlen(start)) == 0;
	need(fclose(file) == 0);
	return found;
}

void logs_can_be_read(void)
{
	int fd = manager(0);
	char headline[64];

	snprintf(headline, sizeof(headline), "proc %d\n", (int)getpid());
	need(has_line(LOGS "/state", "binder state:\n"));
	need(has_line(LOGS "/state", headline));
	need(has_line(LOGS "/state", "context hwbinder\n"));
	need(has_line(LOGS "/stats", "binder stats:\n"));
	need(has_line(LOGS "/transactions", "binder transactions:\n"));
	has_line(LOGS "/transaction_log", "");
	has_line(LOGS "/failed_transaction_log", "");
	need(open(LOGS "/state", O_RDWR) < 0 && errno == EACCES);
	need(open(LOGS "/none", O_RDONLY) < 0 && errno == ENOENT);
	need(open(LOGS "/state/", O_RDONLY) < 0 && errno == ENOTDIR);
	close(fd);
}

void processes_have_a_log_while_they_live(void)
{
	char name[16], path[64];
	struct stat st;
	int fd;

	snprintf(name, sizeof(name), "%d", (int)getpid());
	snprintf(path, sizeof(path), LOGS "/proc/%s", name);
	need(access(path, F_OK) < 0 && errno == ENOENT);
	fd = manager(0);
	need(stat(path, &st) == 0 && S_ISREG(st.st_mode));
	need(has_line(path, "binder proc state:\n") && has_line(path, "context hwbinder\n"));
	need(count(LOGS "/proc", name, DT_REG) == 1);
	need(open(LOGS "/proc/1x", O_RDONLY) < 0 && errno == ENOENT);
	close(fd);
}

void links_and_attributes_are_none(void)
{
	char text[PATH_MAX], *whole;

	need(readlink(DEVICE, text, sizeof(text)) < 0 && errno == EINVAL);
	need(readlinkat(AT_FDCWD, BINDERFS, text, sizeof(text)) < 0 && errno == EINVAL);
	need(lgetxattr(DEVICE, "security.selinux", text, sizeof(text)) < 0 && errno == ENODATA);
	need(listxattr(BINDERFS "/binder", text, sizeof(text)) == 0);
	need(getxattr(LOGS "/none", "user.a", text, sizeof(text)) < 0 && errno == ENOENT);
	need((whole = realpath("/dev//binderfs/./features/", NULL)) &&
	     strcmp(whole, BINDERFS "/features") == 0);
	free(whole);
	need(realpath(DEVICE, text) == text && strcmp(text, DEVICE) == 0);
}

void calls_by_number_are_seen(void)
{
	struct binder_version version = { 0 };
	struct statx stx;
	struct stat st;
	int fd = (int)syscall(SYS_openat, AT_FDCWD, DEVICE, O_RDWR | O_CLOEXEC, 0), copy;
	void *map;

	need(fd >= 0 && syscall(SYS_ioctl, fd, BINDER_VERSION, &version) == 0);
	need(version.protocol_version == BINDER_CURRENT_PROTOCOL_VERSION);
	need(syscall(SYS_statx, AT_FDCWD, DEVICE, 0, STATX_TYPE, &stx) == 0 &&
	     S_ISCHR(stx.stx_mode));
	need(syscall(SYS_fstat, fd, &st) == 0 && S_ISCHR(st.st_mode));
	map = (void *)syscall(SYS_mmap, NULL, MAP, PROT_READ, MAP_PRIVATE, fd, 0);
	need(map != MAP_FAILED && syscall(SYS_munmap, map, MAP) == 0);
	copy = (int)syscall(SYS_dup, fd);
	need(copy >= 0 && syscall(SYS_close, fd) == 0);
	need(ioctl(copy, BINDER_VERSION, &version) == 0);
	need(syscall(SYS_close, copy) == 0);
	need(syscall(SYS_ioctl, copy, BINDER_VERSION, &version) < 0 && errno == EBADF);
	/* All others as ever. */
	need(syscall(SYS_getpid) == getpid());
	need(syscall(SYS_openat, AT_FDCWD, "/none", O_RDONLY, 0) < 0 && errno == ENOENT);
}
