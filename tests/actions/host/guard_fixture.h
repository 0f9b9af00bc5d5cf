// For tests of the guard: a cloud with a metadata service beyond eth0, and a container whose
// packets are forwarded there; each a network namespace of its own.
#pragma once

#include "actions/host/rtnetlink.h"
#include "tests/lab/command.h"
#include "tests/lab/process.h"
#include "tests/lab/users.h"

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>

namespace hcloud::host {

class GuardTest : public testing::Test {
  protected:
    static constexpr const char* kAddress = "169.254.169.254";
    static constexpr uid_t kListed = 33;
    static constexpr uid_t kOther = 1000;

    void SetUp() override {
        connect("eth0", "203.0.113.10/32", cloud_, "169.254.169.254/32");
        lab::run("ip route add 169.254.169.254 dev eth0");
        in(cloud_, "ip route add 203.0.113.10 dev peer; ip route add default via 203.0.113.10");
        service_ = std::make_unique<lab::Process>(std::vector<std::string>{
            "nsenter", "-t", std::to_string(cloud_.pid()), "-n", "python3", "-c", kService});
        connect("bridge0", "10.9.0.1/24", container_, "10.9.0.2/24");
        in(container_, "ip route add default via 10.9.0.1");
        lab::run("echo 1 > /proc/sys/net/ipv4/ip_forward");
        ASSERT_TRUE(lab::wait_until([&] { return reach(0) == 0; })) << service_->output();
        ASSERT_TRUE(lab::wait_until([&] { return reach_from_container() == 0; }));
    }

    void TearDown() override {
        lab::run("ip link delete eth0; ip link delete bridge0; nft flush ruleset");
    }

    /// A veth pair from here into the other namespace, where its end is called peer.
    static void connect(const std::string& link, const std::string& ours, const lab::Process& there,
                        const std::string& theirs) {
        ASSERT_TRUE(lab::wait_until([&] { return has_own_network(there); }));
        lab::run("ip link add " + link + " type veth peer name peer netns " +
                 std::to_string(there.pid()) + " && ip addr add " + ours + " dev " + link +
                 " && ip link set " + link + " up");
        in(there, "ip link set lo up; ip link set peer up; ip addr add " + theirs + " dev peer");
    }

    static bool has_own_network(const lab::Process& process) {
        const auto of = [](const std::string& pid) {
            return lab::run("readlink /proc/" + pid + "/ns/net");
        };
        return of(std::to_string(process.pid())) != of("self");
    }

    static std::string entering(const lab::Process& there) {
        return "nsenter -t " + std::to_string(there.pid()) + " -n ";
    }
    static std::string in(const lab::Process& there, const std::string& command) {
        return lab::run(entering(there) + "sh -ec '" + command + "'");
    }

    /// As this user, by TCP unless told: 0, or errno.
    static int reach(uid_t uid, int type = SOCK_STREAM, int protocol = 0) {
        return lab::as_user(uid, [=] { return lab::try_to_reach(kAddress, 80, type, protocol); });
    }
    /// curl's exit code: 7 is "refused", 28 would be a time-out. The kernel's own, after two
    /// minutes, would be 7 as well.
    int reach_from_container() const {
        return lab::try_run(entering(container_) + "curl -sS --noproxy \\* -m 60 http://" +
                            kAddress)
            .exit_code;
    }

    Outcome apply(const Change& change) { return network_.apply({&change, 1}).at(0); }

    lab::Process cloud_{{"unshare", "-n", "sleep", "1000"}};
    lab::Process container_{{"unshare", "-n", "sleep", "1000"}};
    /// Answers each connection, reads it to its end, and only then closes its own.
    static constexpr const char* kService = R"(
import socket
listener = socket.create_server(("169.254.169.254", 80))
while True:
    peer, _ = listener.accept()
    try:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        while peer.recv(4096):
            pass
    except ConnectionError:
        pass
    peer.close()
)";
    std::unique_ptr<lab::Process> service_;
    Rtnetlink network_;
    const Guard guard_{{0, kListed}};
};

}  // namespace hcloud::host
