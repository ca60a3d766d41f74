/*
 * A disk that fails, for programs that know nothing of it: loaded with LD_PRELOAD, it stands
 * between a program and the C library, counts what the program does to the files of one folder,
 * and at one operation ends the process or says that the disk failed.
 *
 * FAULTS_FOLDER   the folder whose files are watched; without it nothing is
 * FAULTS_JOURNAL  where each change is noted, with what was there before, so that a loss of power
 *                 can be played afterwards: what no sync covers is then lost, kept or torn
 * FAULTS_AT       at which operation, counted from 1 in each process; reads count apart
 * FAULTS_WAY      crash | eio | enospc | fsync | read
 * FAULTS_UNTIL    a file: the fault lasts until it exists; without it, it happens once
 * FAULTS_COUNTS   a file that gets the number of operations and of reads when the process ends
 * FAULTS_LIES     a disk that says it synced and did not: what the harness must notice
 *
 * A write is noted before it is made and everything else afterwards: whichever of the two a kill
 * keeps from happening, what a later sync covers is then not undone.
 * A sync does nothing but note that it happened. Files that a loss of power does not concern
 * (the shared memory of SQLite, the lock, sockets) are counted and fail, but are not noted.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FILES = 1024, PATH = 512 };

/* What a record begins with: a kill may cut one short, and the next is to be found. */
static const uint64_t MARK = 0x9E37D00D5A17F1CA;

/* One record of the journal; then come the path, the bytes before, the bytes after. */
struct record {
    uint64_t mark;
    char kind; /* c create, w write, t truncate, s sync, x failed sync, u unlink, r rename,
                  l link, m anything else */
    char pad[3];
    uint32_t path_count;
    uint64_t inode, offset, size_before, count_before, count_after;
};

static struct { char path[PATH]; int durable; uint64_t inode; } files[FILES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH], until[PATH];
static size_t folder_count;
static int journal = -1;
static char way, lies;
static long fault_at, operations, reads, is_half;

#define RAW(...) syscall(__VA_ARGS__)

__attribute__((constructor)) static void begin(void) {
    /* Where the harness is killed, what it started ends with it. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const char *text = getenv("FAULTS_FOLDER");
    if (!text || strlen(text) >= PATH) return;
    if ((text = getenv("FAULTS_JOURNAL")))
        journal = (int)RAW(SYS_openat, AT_FDCWD, text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                           0600);
    if ((text = getenv("FAULTS_AT"))) fault_at = atol(text);
    if ((text = getenv("FAULTS_WAY"))) way = text[0] == 'e' ? text[1] : text[0];
    lies = getenv("FAULTS_LIES") != NULL;
    if ((text = getenv("FAULTS_UNTIL")) && strlen(text) < PATH) strcpy(until, text);
    /* Last: from here on the folder is watched. */
    strcpy(folder, getenv("FAULTS_FOLDER"));
    folder_count = strlen(folder);
}

/* Whether a path is of the folder: 0 not, 1 counted only, 2 noted as well. */
static int kind_of(const char *path) {
    if (!folder_count || !path || strncmp(path, folder, folder_count)) return 0;
    if (path[folder_count] && path[folder_count] != '/') return 0;
    if (strlen(path) >= PATH) return 0;
    const char *name = strrchr(path, '/');
    size_t count = strlen(path);
    if (count > 4 && !strcmp(path + count - 4, "-shm")) return 1;
    if (name && (!strcmp(name, "/lock") || !strcmp(name, "/socket"))) return 1;
    return 2;
}

static int lasts(void) {
    return until[0] && RAW(SYS_faccessat, AT_FDCWD, until, F_OK) != 0;
}

/* Whether this operation, or an earlier one whose fault lasts, is the one that fails. */
static int is_due(long number) {
    return fault_at && (number == fault_at || (number > fault_at && lasts()));
}

static void note(char kind, const char *path, uint64_t inode, uint64_t offset,
                 uint64_t size_before, const void *before, size_t count_before,
                 const void *after, size_t count_after) {
    if (journal < 0) return;
    struct record record = {.mark = MARK, .kind = kind, .path_count = (uint32_t)strlen(path),
                            .inode = inode, .offset = offset, .size_before = size_before,
                            .count_before = count_before, .count_after = count_after};
    struct iovec parts[4] = {{&record, sizeof record},
                             {(void *)path, record.path_count},
                             {(void *)before, count_before},
                             {(void *)after, count_after}};
    RAW(SYS_writev, journal, parts, 4);
}

/* Counts an operation; returns 0, or the error that it is to fail with. Ends the process here. */
static int count(char kind) {
    operations += 1;
    if (!is_due(operations)) return 0;
    switch (way) {
    case 'c': RAW(SYS_exit_group, 137); return EIO;
    case 'i': return EIO;
    case 'n': return kind == 'w' || kind == 'c' || kind == 'm' || kind == 'l' || kind == 'r'
                     ? ENOSPC : 0;
    case 'f': return kind == 's' ? EIO : 0;
    default: return 0;
    }
}

/* Notes an operation that a loss of power does not concern. */
static void note_other(const char *path) { note('m', path, 0, 0, 0, NULL, 0, NULL, 0); }

static uint64_t inode_of(int descriptor, uint64_t *size) {
    struct stat status;
    if (RAW(SYS_fstat, descriptor, &status)) return 0;
    if (size) *size = (uint64_t)status.st_size;
    return status.st_ino;
}

static void *content(const char *path, size_t *size, uint64_t *inode) {
    *size = 0;
    *inode = 0;
    int descriptor = (int)RAW(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (descriptor < 0) return NULL;
    uint64_t count = 0;
    *inode = inode_of(descriptor, &count);
    char *bytes = malloc(count + 1);
    while (*size < count) {
        long got = RAW(SYS_pread64, descriptor, bytes + *size, count - *size, *size);
        if (got <= 0) break;
        *size += (size_t)got;
    }
    RAW(SYS_close, descriptor);
    return bytes;
}

static int fail(int error) {
    pthread_mutex_unlock(&lock);
    errno = error;
    return -1;
}

static int watched(int descriptor) {
    return descriptor >= 0 && descriptor < FILES ? files[descriptor].durable : 0;
}

static int opened(const char *path, int flags, mode_t mode) {
    int durable = kind_of(path);
    if (!durable) return (int)RAW(SYS_openat, AT_FDCWD, path, flags, mode);
    pthread_mutex_lock(&lock);
    int is_new = (flags & O_CREAT) && RAW(SYS_faccessat, AT_FDCWD, path, F_OK) != 0;
    if (is_new) {
        int error = count(durable == 2 ? 'c' : 'm');
        if (error) return fail(error);
    }
    int descriptor = (int)RAW(SYS_openat, AT_FDCWD, path, flags, mode);
    int error = errno;
    if (descriptor >= 0 && descriptor < FILES) {
        strcpy(files[descriptor].path, path);
        files[descriptor].durable = durable;
        files[descriptor].inode = inode_of(descriptor, NULL);
        if (is_new && durable == 2)
            note('c', path, files[descriptor].inode, 0, 0, NULL, 0, NULL, 0);
        else if (is_new)
            note_other(path);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return descriptor;
}

#define MODE(flags, last) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { \
        va_list list; \
        va_start(list, last); \
        mode = va_arg(list, mode_t); \
        va_end(list); \
    }

int open(const char *path, int flags, ...) {
    MODE(flags, flags)
    return opened(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE(flags, flags)
    return opened(path, flags, mode);
}

int openat(int at, const char *path, int flags, ...) {
    MODE(flags, flags)
    if (at == AT_FDCWD || path[0] == '/') return opened(path, flags, mode);
    return (int)RAW(SYS_openat, at, path, flags, mode);
}

int close(int descriptor) {
    if (watched(descriptor)) {
        pthread_mutex_lock(&lock);
        files[descriptor].durable = 0;
        pthread_mutex_unlock(&lock);
    }
    return (int)RAW(SYS_close, descriptor);
}

static ssize_t written(int descriptor, const void *bytes, size_t wanted, off_t offset) {
    pthread_mutex_lock(&lock);
    const char *path = files[descriptor].path;
    int durable = files[descriptor].durable;
    int error = count(durable == 2 ? 'w' : 'm');
    size_t taken = wanted;
    if (error == ENOSPC && until[0] && !is_half && wanted > 1) {
        /* A disk that fills takes the first part. */
        is_half = 1;
        error = 0;
        taken = wanted / 2;
    }
    if (error) return fail(error);
    uint64_t size = 0;
    uint64_t inode = inode_of(descriptor, &size);
    size_t before = 0;
    char *old = NULL;
    if (durable == 2 && (uint64_t)offset < size) {
        before = size - offset < taken ? size - offset : taken;
        old = malloc(before);
        RAW(SYS_pread64, descriptor, old, before, offset);
    }
    if (durable == 2)
        note('w', path, inode, offset, size, old, before, bytes, taken);
    else
        note_other(path);
    ssize_t done = RAW(SYS_pwrite64, descriptor, bytes, taken, offset);
    error = errno;
    free(old);
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    if (!watched(descriptor)) return RAW(SYS_pwrite64, descriptor, bytes, count, offset);
    return written(descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    return pwrite(descriptor, bytes, count, offset);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    if (!watched(descriptor)) return RAW(SYS_write, descriptor, bytes, count);
    off_t offset = RAW(SYS_lseek, descriptor, 0, SEEK_CUR);
    ssize_t done = written(descriptor, bytes, count, offset);
    if (done > 0) RAW(SYS_lseek, descriptor, offset + done, SEEK_SET);
    return done;
}

static int synced(int descriptor, long number) {
    if (!watched(descriptor)) return (int)RAW(number, descriptor);
    pthread_mutex_lock(&lock);
    const char *path = files[descriptor].path;
    uint64_t inode = inode_of(descriptor, NULL);
    int error = count('s');
    if (!lies) note(error ? 'x' : 's', path, inode, 0, 0, NULL, 0, NULL, 0);
    if (error) return fail(error);
    pthread_mutex_unlock(&lock);
    return 0;
}

int fsync(int descriptor) { return synced(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return synced(descriptor, SYS_fdatasync); }

int ftruncate(int descriptor, off_t size) {
    if (!watched(descriptor)) return (int)RAW(SYS_ftruncate, descriptor, size);
    pthread_mutex_lock(&lock);
    const char *path = files[descriptor].path;
    int durable = files[descriptor].durable;
    uint64_t old_size = 0;
    uint64_t inode = inode_of(descriptor, &old_size);
    int error = count(durable == 2 ? 't' : 'm');
    if (error) return fail(error);
    int result;
    if (durable == 2) {
        size_t cut = (uint64_t)size < old_size ? old_size - size : 0;
        char *old = malloc(cut + 1);
        if (cut) RAW(SYS_pread64, descriptor, old, cut, size);
        result = (int)RAW(SYS_ftruncate, descriptor, size);
        error = errno;
        if (result == 0) note('t', path, inode, size, old_size, old, cut, NULL, 0);
        free(old);
    } else {
        result = (int)RAW(SYS_ftruncate, descriptor, size);
        error = errno;
        note_other(path);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int ftruncate64(int descriptor, off64_t size) { return ftruncate(descriptor, size); }

int unlink(const char *path) {
    int durable = kind_of(path);
    if (!durable || RAW(SYS_faccessat, AT_FDCWD, path, F_OK) != 0)
        return (int)RAW(SYS_unlinkat, AT_FDCWD, path, 0);
    pthread_mutex_lock(&lock);
    int error = count(durable == 2 ? 'u' : 'm');
    if (error) return fail(error);
    int result;
    if (durable == 2) {
        size_t size;
        uint64_t inode;
        void *old = content(path, &size, &inode);
        result = (int)RAW(SYS_unlinkat, AT_FDCWD, path, 0);
        error = errno;
        if (result == 0) note('u', path, inode, 0, size, old, size, NULL, 0);
        free(old);
    } else {
        result = (int)RAW(SYS_unlinkat, AT_FDCWD, path, 0);
        error = errno;
        note_other(path);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

/* Notes that a second name came, in place of what had it. */
static int named(char kind, long number, const char *from, const char *to) {
    int durable = kind_of(from);
    if (!durable) return (int)RAW(number, AT_FDCWD, from, AT_FDCWD, to, 0);
    pthread_mutex_lock(&lock);
    int error = count(kind);
    if (error) return fail(error);
    size_t size = 0, taken = 0;
    uint64_t inode = 0, other = 0;
    void *old = content(to, &size, &other);
    free(content(from, &taken, &inode));
    int result = (int)RAW(number, AT_FDCWD, from, AT_FDCWD, to, 0);
    error = errno;
    if (result == 0) note(kind, from, inode, other, size, old, size, to, strlen(to));
    free(old);
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int rename(const char *from, const char *to) { return named('r', SYS_renameat2, from, to); }
int link(const char *from, const char *to) { return named('l', SYS_linkat, from, to); }

int mkdir(const char *path, mode_t mode) {
    if (kind_of(path)) {
        pthread_mutex_lock(&lock);
        int error = count('m');
        if (error) return fail(error);
        note_other(path);
        pthread_mutex_unlock(&lock);
    }
    return (int)RAW(SYS_mkdirat, AT_FDCWD, path, mode);
}

int fchmod(int descriptor, mode_t mode) {
    if (watched(descriptor)) {
        pthread_mutex_lock(&lock);
        int error = count('m');
        if (error) return fail(error);
        note_other(files[descriptor].path);
        pthread_mutex_unlock(&lock);
    }
    return (int)RAW(SYS_fchmod, descriptor, mode);
}

/* Whether a read of a watched file is the one that fails. */
static int fails_read(int descriptor) {
    if (!watched(descriptor)) return 0;
    pthread_mutex_lock(&lock);
    reads += 1;
    int fails = way == 'r' && is_due(reads);
    pthread_mutex_unlock(&lock);
    if (fails) errno = EIO;
    return fails;
}

ssize_t read(int descriptor, void *bytes, size_t count) {
    if (fails_read(descriptor)) return -1;
    return RAW(SYS_read, descriptor, bytes, count);
}

ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset) {
    if (fails_read(descriptor)) return -1;
    return RAW(SYS_pread64, descriptor, bytes, count, offset);
}

ssize_t pread64(int descriptor, void *bytes, size_t count, off64_t offset) {
    return pread(descriptor, bytes, count, offset);
}

/* Says at the end of the process how much was counted. */
__attribute__((destructor)) static void end(void) {
    const char *path = getenv("FAULTS_COUNTS");
    if (!folder_count || !path) return;
    char line[64];
    int count = snprintf(line, sizeof line, "%ld %ld\n", operations, reads);
    int descriptor = (int)RAW(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (descriptor < 0) return;
    RAW(SYS_write, descriptor, line, count);
    RAW(SYS_close, descriptor);
}
