/* Runs a program and lets one of its changes to the file system fail.
 *
 *     faults count|kill|full N PROGRAM ARGUMENT…
 *
 * In: which of the calls that change the file system is meant, from 1, over all threads. Out: the program's exit
 * status. `count` prints how many calls there were; `kill` ends the program at the Nth, which does not happen;
 * `full` answers the Nth and all later ones that need room with ENOSPC. It uses seccomp's notifications, so that
 * calls made without the C library are seen too. Exit status 125: this machine can't do that. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IS(number, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, yes, no)
#define ASK BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF)
#define LET BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
/* Always asked about. */
#define EVERY(number) IS(number, 0, 1), ASK
/* Asked about unless it goes to standard input, output or error. */
#define TO_FILES(number) IS(number, 0, 4), LOAD(args[0]), BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 2, 0, 1), ASK, LET

static struct sock_filter rules[] = {
    LOAD(nr),
    /* Files opened to be made or written. */
    IS(__NR_openat, 0, 4), LOAD(args[2]), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_CREAT | O_WRONLY | O_RDWR, 0, 1), ASK, LET,
    TO_FILES(__NR_write), TO_FILES(__NR_pwrite64), TO_FILES(__NR_writev), TO_FILES(__NR_copy_file_range),
    EVERY(__NR_mkdirat), EVERY(__NR_renameat2), EVERY(__NR_linkat), EVERY(__NR_unlinkat), EVERY(__NR_symlinkat),
    EVERY(__NR_fchmodat), EVERY(__NR_fchmod), EVERY(__NR_ftruncate), EVERY(__NR_fsync), EVERY(__NR_fdatasync),
    EVERY(__NR_syncfs),
#ifdef __NR_mkdir
    EVERY(__NR_mkdir), EVERY(__NR_rename), EVERY(__NR_renameat), EVERY(__NR_link), EVERY(__NR_unlink), EVERY(__NR_rmdir),
    EVERY(__NR_symlink), EVERY(__NR_chmod),
#endif
    LET,
};

static int needs_room(const struct seccomp_data *call) {
    switch (call->nr) {
    case __NR_unlinkat: case __NR_fchmodat: case __NR_fchmod:
#ifdef __NR_unlink
    case __NR_unlink: case __NR_rmdir: case __NR_chmod:
#endif
        return 0;
    case __NR_openat:
        return (call->args[2] & O_CREAT) != 0;
    default:
        return 1;
    }
}

static void fail(const char *what) {
    fprintf(stderr, "faults: %s: %s\n", what, strerror(errno));
    _exit(125);
}

/* A message with a file descriptor, one way or the other. */
static int pass(int socket, int descriptor) {
    char byte = 0, room[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    if (descriptor >= 0) {
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        *head = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))};
        memcpy(CMSG_DATA(head), &descriptor, sizeof(int));
        return sendmsg(socket, &message, 0) < 0 ? -1 : 0;
    }
    if (recvmsg(socket, &message, 0) <= 0 || !CMSG_FIRSTHDR(&message)) return -1;
    memcpy(&descriptor, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
    return descriptor;
}

static void become(char **program, int socket) {
    struct sock_fprog filter = {sizeof rules / sizeof *rules, rules};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) fail("no new privileges");
    int listener = syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
    if (listener < 0) fail("no seccomp notifications");
    if (pass(socket, listener)) fail("the listener can't be passed");
    close(listener);
    close(socket);
    execv(*program, program);
    fail(*program);
}

int main(int count, char **words) {
    if (count < 4) return 125;
    char mode = *words[1];
    long chosen = atol(words[2]), seen = 0;
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets)) fail("no sockets");
    pid_t child = fork();
    if (child == 0) become(words + 3, sockets[1]);
    close(sockets[1]);
    int listener = pass(sockets[0], -1);
    struct pollfd waits = {listener, POLLIN, 0};
    while (listener >= 0 && poll(&waits, 1, -1) > 0 && (waits.revents & POLLIN)) {
        struct seccomp_notif asked = {0};
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked)) continue;
        struct seccomp_notif_resp answer = {.id = asked.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
        seen++;
        if (mode == 'k' && seen == chosen) {
            /* Nothing more is answered. That nobody is left to ask is not always told here: so it is not waited for. */
            kill(child, SIGKILL);
            break;
        }
        if (mode == 'f' && seen >= chosen && needs_room(&asked.data)) {
            answer.flags = 0;
            answer.error = -ENOSPC;
        }
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
    int status;
    waitpid(child, &status, 0);
    if (mode == 'c') printf("%ld\n", seen);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
