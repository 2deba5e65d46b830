/* A disk that fails when it is told to. Loaded in front of the C library (LD_PRELOAD), it looks at every call that
 * changes a database file, and follows the order in the file that DISK_ORDERS names:
 *
 *   sound                  nothing fails
 *   write ERRNO PART       writes to files whose path contains PART fail
 *   sync ERRNO PART        so does what makes them durable
 *   open ERRNO PART        so does opening them for writing
 *   die N -                the process is killed at the Nth call that changes a database file, before it is made
 *   tear N -               the same, with the first half of it made if it is a write
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define DATABASE ".db"

static long changes;

/* The order's verb: 's'ound, 'w'rite, s'y'nc, 'o'pen, 'd'ie, 't'ear. */
static char order(long *number, char *part) {
    char text[256], verb[16] = "";
    const char *path = getenv("DISK_ORDERS");
    long file = path ? syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return 's';
    long length = syscall(SYS_read, file, text, sizeof text - 1);
    syscall(SYS_close, file);
    if (length <= 0) return 's';
    text[length] = 0;
    if (sscanf(text, "%15s %ld %127s", verb, number, part) < 3) return 's';
    return strcmp(verb, "sync") == 0 ? 'y' : verb[0];
}

static int name_of(int file, char *name, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, name, size - 1);
    if (length < 0) return 0;
    name[length] = 0;
    return strstr(name, DATABASE) != NULL;
}

/* Before a 'w'rite, another 'c'hange, a s'y'nc or an 'o'pening: 0 to make it, an errno to fail it; `half` if it is
 * to be made in part. */
static int before(const char *name, char kind, int *half) {
    long number = 0;
    char part[128] = "";
    int kept = errno;
    char verb = order(&number, part);
    errno = kept;
    if (verb == (kind == 'c' ? 'w' : kind) && verb != 's' && strstr(name, part)) return (int)number;
    if ((verb == 'd' || verb == 't') && kind != 'o' && __sync_add_and_fetch(&changes, 1) == number) {
        if (verb == 'd' || kind != 'w') kill(getpid(), SIGKILL);
        *half = 1;
    }
    return 0;
}

#define BEFORE(kind, failed)                                                     \
    char name[4096];                                                             \
    int half = 0;                                                                \
    int against = name_of(file, name, sizeof name) ? before(name, kind, &half) : 0; \
    if (against) { errno = against; return failed; }

#define WRITE(call)                           \
    BEFORE('w', -1)                           \
    if (half) { count /= 2; call; kill(getpid(), SIGKILL); } \
    return call;

ssize_t write(int file, const void *bytes, size_t count) { WRITE(REAL(write)(file, bytes, count)) }
ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) { WRITE(REAL(pwrite)(file, bytes, count, at)) }
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    WRITE(REAL(pwrite64)(file, bytes, count, at))
}

int fsync(int file) { BEFORE('y', -1) return REAL(fsync)(file); }
int fdatasync(int file) { BEFORE('y', -1) return REAL(fdatasync)(file); }
int ftruncate(int file, off_t length) { BEFORE('c', -1) return REAL(ftruncate)(file, length); }
int ftruncate64(int file, off64_t length) { BEFORE('c', -1) return REAL(ftruncate64)(file, length); }

int unlink(const char *name) {
    int half = 0;
    int against = strstr(name, DATABASE) ? before(name, 'c', &half) : 0;
    if (against) { errno = against; return -1; }
    return REAL(unlink)(name);
}

#define OPEN(real)                                                                   \
    va_list rest;                                                                    \
    va_start(rest, flags);                                                           \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;          \
    va_end(rest);                                                                    \
    int half = 0, against = 0;                                                       \
    if (strstr(name, DATABASE) && flags & (O_WRONLY | O_RDWR | O_CREAT)) against = before(name, 'o', &half); \
    if (against) { errno = against; return -1; }                                     \
    return REAL(real)(name, flags, mode);

int open(const char *name, int flags, ...) { OPEN(open) }
int open64(const char *name, int flags, ...) { OPEN(open64) }
