#include "actions/host/netlink_socket.h"

#include "actions/host/network.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include <sys/socket.h>
#include <sys/time.h>

namespace hcloud::host {

namespace {

// The most the kernel fills in one go: thousands of addresses take few calls.
constexpr std::size_t kReceiveSize = 32768;
constexpr int kReceiveBuffer = 1 << 20;
constexpr timeval kTimeout{2, 0};
// More than a queue can hold. Who changes things faster than we read must not keep us here: what is
// left makes the socket readable again.
constexpr int kMaxReads = 10'000;

void set_option(const SocketHandle& socket, int level, int option, const void* value,
                socklen_t size) {
    if (setsockopt(mnl_socket_get_fd(socket.get()), level, option, value, size) != 0) {
        throw Error("cannot set option " + std::to_string(option) + " of a netlink socket", errno);
    }
}

/// Like set_option, for what the kernel may lack or forbid and we can do without.
void try_option(const SocketHandle& socket, int level, int option, int value) {
    setsockopt(mnl_socket_get_fd(socket.get()), level, option, &value, sizeof value);
}

int find_text(const nlattr* attribute, void* text) {
    if (mnl_attr_get_type(attribute) != NLMSGERR_ATTR_MSG) return MNL_CB_OK;
    if (mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) != 0) return MNL_CB_OK;
    *static_cast<std::string*>(text) = mnl_attr_get_str(attribute);
    return MNL_CB_STOP;
}

std::string extended_text(const nlmsghdr& message, std::size_t offset) {
    std::string text;
    if ((message.nlmsg_flags & NLM_F_ACK_TLVS) != 0) {
        mnl_attr_parse(&message, static_cast<unsigned>(offset), find_text, &text);
    }
    return text;
}

Ack parse_ack(const nlmsghdr& message) {
    if (mnl_nlmsg_get_payload_len(&message) < sizeof(nlmsgerr)) {
        throw Error("netlink: short acknowledgement", EBADMSG);
    }
    const auto& error = *static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(&message));
    // An answer without NLM_F_CAPPED repeats the request before the attributes.
    const bool capped = (message.nlmsg_flags & NLM_F_CAPPED) != 0;
    const std::size_t repeated = capped ? 0 : error.msg.nlmsg_len - sizeof(nlmsghdr);
    if (repeated > mnl_nlmsg_get_payload_len(&message)) {
        throw Error("netlink: acknowledgement of wrong length", EBADMSG);
    }
    return {-error.error, extended_text(message, sizeof(nlmsgerr) + repeated)};
}

/// The error at the end of a dump, which comes with a text since Linux 4.20.
Ack parse_done(const nlmsghdr& message) {
    int error = 0;
    if (mnl_nlmsg_get_payload_len(&message) < sizeof error) return {};
    std::memcpy(&error, mnl_nlmsg_get_payload(&message), sizeof error);
    return {error < 0 ? -error : 0, extended_text(message, sizeof error)};
}

void throw_if_refused(const Ack& ack) {
    if (ack.code == 0) return;
    throw Error(ack.text.empty() ? "dump refused" : "dump refused (" + ack.text + ")", ack.code);
}

}  // namespace

SocketHandle open_netlink(int protocol, int flags, unsigned groups) {
    SocketHandle socket(mnl_socket_open2(protocol, SOCK_CLOEXEC | flags));
    if (!socket) throw Error("cannot open a netlink socket", errno);
    if (mnl_socket_bind(socket.get(), groups, MNL_SOCKET_AUTOPID) != 0) {
        throw Error("cannot bind a netlink socket", errno);
    }
    return socket;
}

bool drain_events(int fd, std::span<std::uint8_t> buffer, const char* what,
                  const std::function<bool(std::span<const std::uint8_t>)>& counts) {
    bool happened = false;
    for (int reads = 0; reads < kMaxReads; ++reads) {
        const auto size = recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (size >= 0) {
            happened |= counts(buffer.first(static_cast<std::size_t>(size)));
            continue;
        }
        if (errno == EAGAIN) return happened;
        if (errno == EINTR) continue;
        if (errno != ENOBUFS) throw Error(what, errno);
        // Events were lost. The kernel queues new ones only once the old are read: go on to the
        // end.
        happened = true;
    }
    return happened;
}

RequestSocket::RequestSocket(int protocol)
    : socket_(open_netlink(protocol, 0, 0)), buffer_(kReceiveSize) {
    set_option(socket_, SOL_SOCKET, SO_RCVTIMEO, &kTimeout, sizeof kTimeout);
    try_option(socket_, SOL_SOCKET, SO_RCVBUFFORCE, kReceiveBuffer);
    try_option(socket_, SOL_NETLINK, NETLINK_EXT_ACK, 1);
    try_option(socket_, SOL_NETLINK, NETLINK_CAP_ACK, 1);
    try_option(socket_, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
}

void RequestSocket::send(std::span<const std::uint8_t> data) {
    ssize_t size = -1;
    do {
        size = mnl_socket_sendto(socket_.get(), data.data(), data.size());
    } while (size < 0 && errno == EINTR);
    if (size < 0) throw Error("cannot send to the kernel", errno);
}

void RequestSocket::receive(const std::function<void(const nlmsghdr&)>& take) {
    ssize_t received = -1;
    do {
        received = mnl_socket_recvfrom(socket_.get(), buffer_.data(), buffer_.size());
    } while (received < 0 && errno == EINTR);
    if (received < 0 && errno == EAGAIN) throw Error("no answer from the kernel", ETIMEDOUT);
    if (received < 0) throw Error("cannot receive from the kernel", errno);
    const auto portid = mnl_socket_get_portid(socket_.get());
    int left = static_cast<int>(received);
    const auto* message = reinterpret_cast<const nlmsghdr*>(buffer_.data());
    for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
        if (message->nlmsg_pid == portid) take(*message);
    }
}

bool RequestSocket::dump(Message request, const std::function<void(const nlmsghdr&)>& take) {
    const auto sequence = ++sequence_;
    request.set_sequence(sequence);
    send(request.bytes());
    bool done = false;
    bool interrupted = false;
    while (!done) {
        receive([&](const nlmsghdr& message) {
            if (message.nlmsg_seq != sequence || done) return;
            if ((message.nlmsg_flags & NLM_F_DUMP_INTR) != 0) interrupted = true;
            done = message.nlmsg_type == NLMSG_DONE || message.nlmsg_type == NLMSG_ERROR;
            if (message.nlmsg_type == NLMSG_ERROR) throw_if_refused(parse_ack(message));
            if (message.nlmsg_type == NLMSG_DONE) throw_if_refused(parse_done(message));
            if (message.nlmsg_type >= NLMSG_MIN_TYPE) take(message);
        });
    }
    return !interrupted;
}

// The kernel works through a batch in order and answers in order. So the last request alone asks
// for an acknowledgement: once it is here, a request that was not answered has succeeded.
std::vector<Ack> RequestSocket::exchange(std::span<Message> requests) {
    const auto first = sequence_ + 1;
    std::vector<std::uint8_t> batch;
    for (auto& request : requests) {
        request.set_sequence(++sequence_);
        if (&request != &requests.back()) request.answer_only_failure();
        const auto bytes = request.bytes();
        batch.insert(batch.end(), bytes.begin(), bytes.end());
    }
    if (!batch.empty()) send(batch);
    std::vector<Ack> answers(requests.size());
    bool done = requests.empty();
    while (!done) {
        receive([&](const nlmsghdr& message) {
            const std::uint32_t index = message.nlmsg_seq - first;  // wraps for earlier ones
            if (message.nlmsg_type != NLMSG_ERROR || index >= answers.size()) return;
            answers[index] = parse_ack(message);
            done = index + 1 == answers.size();
        });
    }
    return answers;
}

// A message that fails is answered whether or not it asked. Where nfnetlink cannot even begin, for
// want of a right or of nf_tables, it answers the first one, and nothing else.
Ack RequestSocket::transact(std::span<std::uint8_t> messages) {
    const auto first = sequence_ + 1;
    int left = static_cast<int>(messages.size());
    auto* message = reinterpret_cast<nlmsghdr*>(messages.data());
    for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
        message->nlmsg_seq = ++sequence_;
    }
    send(messages);
    std::optional<Ack> answer;
    while (!answer) {
        receive([&](const nlmsghdr& reply) {
            const bool of_these = reply.nlmsg_seq - first <= sequence_ - first;
            if (answer || reply.nlmsg_type != NLMSG_ERROR || !of_these) return;
            answer = parse_ack(reply);
        });
    }
    return *answer;
}

}  // namespace hcloud::host
