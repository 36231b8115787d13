/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/probe-names.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/cleanup.h"

#define ANSWER_SEC      4
#define CONNECT_MSEC    1000
#define CONNECTIONS_MAX 2u /* of addresses that do not answer at once */

static const uint16_t ports[] = { 443, 80 };

/* ---- asking the name services ---- */

/* Where no answer comes in time, a thread of libc's goes on to write into the request until this process
 * ends, and so it is kept. */
static int resolve(const char *name, struct addrinfo **ret_list) {
        static struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
        static struct gaicb *request;
        const struct timespec limit = { .tv_sec = ANSWER_SEC };
        int r;

        request = g_new0(struct gaicb, 1);
        request->ar_name = g_strdup(name);
        request->ar_request = &hints;
        r = getaddrinfo_a(GAI_NOWAIT, &request, 1, NULL);
        if (r == 0) {
                while (gai_suspend((const struct gaicb *const *) &request, 1, &limit) == EAI_INTR)
                        ;
                r = gai_error(request);
        }
        if (r == EAI_INPROGRESS)
                return r;
        if (r == 0)
                *ret_list = request->ar_result;
        g_free((char *) request->ar_name);
        g_free(request);
        return r;
}

/* ---- what an address is ---- */

typedef enum Kind {
        KIND_NOWHERE, /* no host can have it, and connecting fails at once */
        KIND_HERE,    /* this computer, or whatever listens on it */
        KIND_HOST,
} Kind;

static Kind kind_of(const struct sockaddr *address) {
        const struct sockaddr_in *v4 = (const void *) address;
        const struct sockaddr_in6 *v6 = (const void *) address;
        uint32_t number;

        if (address->sa_family == AF_INET6 && IN6_IS_ADDR_MULTICAST(&v6->sin6_addr))
                return KIND_NOWHERE;
        if (address->sa_family == AF_INET6)
                return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr) || IN6_IS_ADDR_UNSPECIFIED(&v6->sin6_addr)
                                       ? KIND_HERE
                                       : KIND_HOST;
        number = ntohl(v4->sin_addr.s_addr);
        if (number == INADDR_BROADCAST || IN_MULTICAST(number))
                return KIND_NOWHERE;
        return number >> 24 == 0 || number >> 24 == IN_LOOPBACKNET ? KIND_HERE : KIND_HOST;
}

static char *address_text(const struct sockaddr *address) {
        char text[INET6_ADDRSTRLEN] = "";

        if (address->sa_family == AF_INET6)
                (void) inet_ntop(AF_INET6, &((const struct sockaddr_in6 *) (const void *) address)->sin6_addr,
                                text, sizeof(text));
        else
                (void) inet_ntop(AF_INET, &((const struct sockaddr_in *) (const void *) address)->sin_addr,
                                text, sizeof(text));
        return g_strdup(text);
}

/* ---- connecting ---- */

static int wait_connected(int fd) {
        struct pollfd wanted = { .fd = fd, .events = POLLOUT };
        socklen_t size = sizeof(int);
        int error = 0, n = poll(&wanted, 1, CONNECT_MSEC);

        if (n <= 0)
                return n < 0 ? -errno : -ETIMEDOUT;
        return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? -errno : -error;
}

/* 0 where somebody answers on that port. */
static int connect_to(const struct addrinfo *address, uint16_t port) {
        cleanup_close_ int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        struct sockaddr_storage to = {};

        if (fd < 0 || address->ai_addrlen > sizeof(to))
                return fd < 0 ? -errno : -EINVAL;
        memcpy(&to, address->ai_addr, address->ai_addrlen);
        if (address->ai_family == AF_INET6)
                ((struct sockaddr_in6 *) &to)->sin6_port = htons(port);
        else
                ((struct sockaddr_in *) &to)->sin_port = htons(port);
        if (connect(fd, (const struct sockaddr *) &to, address->ai_addrlen) == 0)
                return 0;
        return errno == EINPROGRESS ? wait_connected(fd) : -errno;
}

typedef struct Tried {
        unsigned n_nowhere, n_here, n_hosts, n_slow;
        int r; /* of the last that failed */
        char *text;
        bool connected;
} Tried;

static void try_address(Tried *tried, const struct addrinfo *address) {
        Kind kind = kind_of(address->ai_addr);

        tried->n_nowhere += kind == KIND_NOWHERE;
        tried->n_here += kind == KIND_HERE;
        tried->n_hosts += kind == KIND_HOST;
        /* The address that the sentence names: one of a host before all others. */
        if (!tried->text || (kind == KIND_HOST && tried->n_hosts == 1)) {
                g_free(tried->text);
                tried->text = address_text(address->ai_addr);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(ports) && tried->n_slow < CONNECTIONS_MAX && !tried->connected;
                        i++) {
                int r = connect_to(address, ports[i]);

                tried->connected = r == 0;
                tried->n_slow += r == -ETIMEDOUT;
                if (r < 0)
                        tried->r = r;
                else {
                        g_free(tried->text);
                        tried->text = address_text(address->ai_addr);
                }
        }
}

/* ---- what follows ---- */

static uint32_t judge(const char *name, const Tried *tried, char **ret_sentence) {
        if (tried->connected) {
                *ret_sentence = g_strdup_printf("%s is %s, which answers", name, tried->text);
                return POMO_OPEN;
        }
        if (tried->n_here + tried->n_hosts == 0) {
                *ret_sentence = g_strdup_printf("%s is %s, where no connection leads", name, tried->text);
                return POMO_BLOCKED;
        }
        if (tried->n_nowhere > 0)
                *ret_sentence = g_strdup_printf(
                                "%s is also %s, which a block of pomod leaves out; it does not answer now: %s",
                                name, tried->text, g_strerror(-tried->r));
        else if (tried->n_hosts == 0)
                *ret_sentence = g_strdup_printf(
                                "%s is %s, this computer itself, where nothing answers; pomod blocks by another address",
                                name, tried->text);
        else
                *ret_sentence = g_strdup_printf("%s is %s, which does not answer now: %s", name, tried->text,
                                g_strerror(-tried->r));
        return POMO_UNKNOWN;
}

uint32_t probe_names(const char *name, char **ret_sentence) {
        struct addrinfo *list = NULL;
        Tried tried = {};
        uint32_t finding;
        int r = resolve(name, &list);

        if (r != 0) {
                *ret_sentence = r == EAI_INPROGRESS || r == EAI_AGAIN
                                                ? g_strdup_printf("no name server says where %s is; is there a network?",
                                                                  name)
                                : r == EAI_NONAME || r == EAI_NODATA
                                                ? g_strdup_printf("no name service knows %s", name)
                                                : g_strdup_printf("%s cannot be looked up: %s", name,
                                                                  gai_strerror(r));
                return POMO_UNKNOWN;
        }
        for (const struct addrinfo *each = list; each; each = each->ai_next)
                if (each->ai_family == AF_INET || each->ai_family == AF_INET6)
                        try_address(&tried, each);
        freeaddrinfo(list);
        finding = judge(name, &tried, ret_sentence);
        g_free(tried.text);
        return finding;
}
