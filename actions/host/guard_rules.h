// Private to this folder: the guard as objects of nftables, by libnftnl.
//
// In nft's words (NAME stands for 169.254.169.254, 0 and 33 for the users):
//   table ip hcloud_agent {
//       chain output {
//           type filter hook output priority filter; policy accept;
//           ip daddr != NAME accept
//           meta skuid 0 accept
//           meta skuid 33 accept
//           meta skuid != 4294967295 reject with tcp reset
//           tcp flags ! syn accept
//           reject with tcp reset
//           reject with icmp admin-prohibited
//       }
//       chain forward {
//           type filter hook forward priority filter; policy accept;
//           ip daddr != NAME accept
//           reject with tcp reset
//           reject with icmp admin-prohibited
//       }
//   }
// (nft knows that a reset is for TCP alone, and does not print "meta l4proto tcp".)
// A reset, since an ICMP error that arrives while connect() still holds the socket is not fatal to
// it (tcp_v4_err() in Linux): connect() would go on for two minutes. What has no uid is a socket
// that is closed already or the kernel's own: its last segments may go out, lest the other end
// waits for them, but it opens nothing. "meta skuid != 4294967295" is "has a uid".
#pragma once

#include "actions/host/guard.h"
#include "actions/host/rtnetlink_build.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::host {

inline constexpr const char* kGuardTable = "hcloud_agent";

/// One transaction: a table of `guard` in place of whatever has our table's name.
std::vector<std::uint8_t> set_guard(const Guard& guard);
std::vector<std::uint8_t> delete_guard();

/// Requests for our table, one of its chains (each answered by one message), a chain's rules.
Message table_request();
Message chain_request(const std::string& chain);
Message rule_dump(const std::string& chain);

/// The chains that make a guard.
const std::vector<std::string>& guard_chains();

/// Our table, as it is read: takes the answers to all of these requests.
class GuardReading {
  public:
    /// Of other tables and of other kinds nothing is taken; a table begins anew.
    void take(const nlmsghdr& message);

    /// The guard, if all is as set_guard() makes it.
    std::optional<Guard> guard() const;

  private:
    void take_table(const nlmsghdr& message);
    void take_chain(const nlmsghdr& message);
    void take_rule(const nlmsghdr& message);

    std::vector<std::string> words_;  // a line for each table, chain and expression
    Guard candidate_;                 // who may, if the rules are ours
};

}  // namespace hcloud::host
