// The floor: signed inquiries answered by one thread of C with epoll, libcrypto and SQLite. It does
// what `loket serve` must do for an inquiry and nothing else: it keeps no journal, checks no row's
// checksum and reads no amounts by date.
//
//     cc -O2 floor.c inquiry.c signature.c -lcrypto -lsqlite3 -o floor
//     ./floor    # with PORT, DATABASE, CLIENT_ID, SECRET_FILE and INQUIRY_PATH in the environment

#include "floor.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/crypto.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { IN_MAX = REQUEST_MAX, OUT_MAX = 65536, BODY_MAX = 8192, WINDOW_SECONDS = 3600 };

Text client_id, path;

void die(const char *why) {
    fprintf(stderr, "floor: %s\n", why);
    exit(1);
}

Text setting(const char *name) {
    const char *value = getenv(name);
    if (value == NULL) die(name);
    return (Text){value, strlen(value)};
}

static bool same_name(Text one, Text other) {
    return one.count == other.count && strncasecmp(one.at, other.at, one.count) == 0;
}

// Answers -----------------------------------------------------------------------------------------

typedef struct {
    Text method, target, client_id, request_id, timestamp, signature, body;
} Request;

static char *put_response(char *out, const Request *request) {
    char body[ANSWER_MAX], signature[64], *end = body;
    time_t now = time(NULL), sent;
    if (!same(request->target, path) || !same(request->method, TEXT("POST")))
        return put(out, TEXT("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
    bool is_signed = same(request->client_id, client_id) && request->request_id.count > 0
        && request->request_id.count <= 128 && read_time(request->timestamp, &sent);
    if (is_signed) {
        sign(signature, TEXT("\nRequest-Timestamp:"), request->request_id, request->timestamp,
            request->body);
        is_signed = request->signature.count == 55
            && CRYPTO_memcmp(signature, request->signature.at, 55) == 0
            && labs(now - sent) <= WINDOW_SECONDS;
    }
    if (!is_signed) {
        end = put_decline(end, TEXT("invalid_signature"), (Text){NULL, 0});
        out += sprintf(out,
            "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n"
            "Content-Length: %d\r\n\r\n", (int)(end - body));
        return put(out, (Text){body, (size_t)(end - body)});
    }
    int status = answer(&end, request->request_id, request->body, now);
    Text written = {body, (size_t)(end - body)};
    sign(signature, TEXT("\nResponse-Timestamp:"), request->request_id, time_text(now), written);
    out = put(out, status == 200 ? TEXT("HTTP/1.1 200 OK") : status == 404
            ? TEXT("HTTP/1.1 404 Not Found") : TEXT("HTTP/1.1 400 Bad Request"));
    out = put(put(out, TEXT("\r\nContent-Type: application/json\r\nClient-Id: ")), client_id);
    out = put(put(out, TEXT("\r\nRequest-Id: ")), request->request_id);
    out = put(put(out, TEXT("\r\nResponse-Timestamp: ")), time_text(now));
    out = put(put(out, TEXT("\r\nSignature: ")), (Text){signature, 55});
    out += sprintf(out, "\r\nContent-Length: %zu\r\n\r\n", written.count);
    return put(out, written);
}

// HTTP --------------------------------------------------------------------------------------------

typedef struct {
    int socket;
    unsigned awaits;
    size_t in, out, sent;
    bool ends;
    char input[IN_MAX], output[OUT_MAX];
} Connection;

static Text word(const char **at, const char *end) {
    const char *space = memchr(*at, ' ', (size_t)(end - *at));
    Text found = {*at, (size_t)((space ? space : end) - *at)};
    *at = space ? space + 1 : end;
    return found;
}

static void header(Request *request, Text name, Text value, long *length) {
    if (same_name(name, TEXT("content-length"))) {
        *length = 0;
        for (size_t place = 0; place < value.count; place++) {
            bool is_digit = value.at[place] >= '0' && value.at[place] <= '9';
            *length = is_digit && *length >= 0 && *length <= BODY_MAX
                ? *length * 10 + value.at[place] - '0' : -1;
        }
    } else if (same_name(name, TEXT("transfer-encoding"))) {
        *length = -1;
    } else if (same_name(name, TEXT("client-id"))) {
        request->client_id = value;
    } else if (same_name(name, TEXT("request-id"))) {
        request->request_id = value;
    } else if (same_name(name, TEXT("request-timestamp"))) {
        request->timestamp = value;
    } else if (same_name(name, TEXT("signature"))) {
        request->signature = value;
    }
}

/// Returns the bytes of the first whole request, 0 if it is not whole, -1 if it is malformed.
static long parse(const char *input, size_t count, Request *request) {
    const char *head_end = memmem(input, count, "\r\n\r\n", 4);
    if (head_end == NULL) return count == IN_MAX ? -1 : 0;
    const char *line = memchr(input, '\r', count), *at = input;
    long length = 0;
    memset(request, 0, sizeof *request);
    request->method = word(&at, line);
    request->target = word(&at, line);
    if (!same(word(&at, line), TEXT("HTTP/1.1"))) return -1;
    while (line < head_end) {
        line += 2;
        const char *end = memmem(line, (size_t)(head_end + 2 - line), "\r\n", 2);
        const char *colon = memchr(line, ':', (size_t)(end - line));
        if (colon == NULL) return -1;
        const char *start = colon + 1;
        while (start < end && (*start == ' ' || *start == '\t')) start++;
        header(request, (Text){line, (size_t)(colon - line)},
            (Text){start, (size_t)(end - start)}, &length);
        line = end;
    }
    if (length < 0 || length > BODY_MAX) return -1;
    request->body = (Text){head_end + 4, (size_t)length};
    size_t whole = (size_t)(head_end + 4 - input) + (size_t)length;
    return whole <= count ? (long)whole : 0;
}

/// Answers the whole requests that were read, while there is room for their answers.
static void respond(Connection *connection) {
    size_t used = 0;
    while (used < connection->in && OUT_MAX - connection->out >= 2 * ANSWER_MAX) {
        Request request;
        long count = parse(connection->input + used, connection->in - used, &request);
        char *out = connection->output + connection->out;
        if (count == 0) break;
        if (count < 0) {
            out = put(out, TEXT("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n"
                                "Connection: close\r\n\r\n"));
            connection->ends = true;
            used = connection->in;
        } else {
            out = put_response(out, &request);
            used += (size_t)count;
        }
        connection->out = (size_t)(out - connection->output);
    }
    connection->in -= used;
    memmove(connection->input, connection->input + used, connection->in);
}

/// Changes what the connection waits for, if that is something else than before.
static bool await(Connection *connection, int poll, unsigned wanted) {
    struct epoll_event event = {wanted, {.ptr = connection}};
    if (connection->awaits == wanted) return true;
    connection->awaits = wanted;
    return epoll_ctl(poll, EPOLL_CTL_MOD, connection->socket, &event) == 0;
}

/// Reads once, answers and writes. Returns false at the connection's end.
static bool serve(Connection *connection, int poll) {
    bool has_read = false;
    for (;;) {
        while (connection->sent < connection->out) {
            ssize_t count = write(connection->socket, connection->output + connection->sent,
                connection->out - connection->sent);
            if (count < 0 && errno != EAGAIN) return false;
            if (count < 0) return await(connection, poll, EPOLLOUT);
            connection->sent += (size_t)count;
        }
        connection->sent = connection->out = 0;
        if (connection->ends) return false;
        if (connection->in > 0) respond(connection);
        if (connection->out > 0) continue;
        if (has_read) return await(connection, poll, EPOLLIN);
        ssize_t count = read(connection->socket, connection->input + connection->in,
            IN_MAX - connection->in);
        if (count == 0 || (count < 0 && errno != EAGAIN)) return false;
        connection->in += count > 0 ? (size_t)count : 0;
        has_read = true;
    }
}

static int listen_at(int port) {
    int yes = 1, socket_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(socket_, (struct sockaddr *)&address, size) || listen(socket_, 1024))
        die("cannot listen");
    getsockname(socket_, (struct sockaddr *)&address, &size);
    printf("listening %d\n", ntohs(address.sin_port));
    fflush(stdout);
    return socket_;
}

static void accept_all(int listener, int poll) {
    int yes = 1, socket_;
    while ((socket_ = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        Connection *connection = malloc(sizeof *connection);
        if (connection == NULL) die("out of memory");
        connection->socket = socket_;
        connection->in = connection->out = connection->sent = 0;
        connection->ends = false;
        setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        connection->awaits = EPOLLIN;
        struct epoll_event event = {EPOLLIN, {.ptr = connection}};
        epoll_ctl(poll, EPOLL_CTL_ADD, socket_, &event);
    }
}

int main(void) {
    client_id = setting("CLIENT_ID");
    path = setting("INQUIRY_PATH");
    if (client_id.count > 128 || path.count > 256) die("CLIENT_ID or INQUIRY_PATH is too long");
    prepare_signatures();
    open_database();
    int poll = epoll_create1(0), listener = listen_at(atoi(setting("PORT").at));
    struct epoll_event first = {EPOLLIN, {.ptr = NULL}}, events[64];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &first);
    for (;;) {
        int count = epoll_wait(poll, events, 64, -1);
        for (int place = 0; place < count; place++) {
            Connection *connection = events[place].data.ptr;
            if (connection == NULL) {
                accept_all(listener, poll);
            } else if (!serve(connection, poll)) {
                close(connection->socket);
                free(connection);
            }
        }
    }
}
