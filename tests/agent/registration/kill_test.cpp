// Killed before and after every request of a boot, in turn: the next life ends in the same state,
// and nothing is done twice.
#include "tests/agent/registration/example.h"
#include "tests/agent/registration/project.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace hcloud::agent::test {
namespace {

using nlohmann::json;

struct End {
    json server;
    json balancer;
    json firewall;
    json vip;
    std::vector<std::string> changes;  // sorted
    RegistrationRecord record;

    bool operator==(const End&) const = default;
};

/// Without what differs in time alone.
json without_times(json value) {
    value.erase("created");
    value.erase("locked");
    return value;
}

End end_of(Project& project, MemoryStore& store) {
    project.let_actions_end();
    std::sort(project.changes.begin(), project.changes.end());
    return {without_times(project.server()),
            without_times(project.call("GET", "/load_balancers/12")["load_balancer"]),
            without_times(project.call("GET", "/firewalls/38")["firewall"]),
            without_times(project.call("GET", "/floating_ips/478")["floating_ip"]),
            project.changes,
            store.records[Project::kServer]};
}

/// Killed at that request; then two more lives of one cycle each, at once: what the first has begun
/// is still under way.
End killed_at(int number, bool after) {
    Project project(kProject);
    MemoryStore store;
    const auto kill = [number](int at, const cloud::Request&) {
        if (at == number) throw Killed();
    };
    (after ? project.after : project.before) = kill;
    try {
        Life(project, store).cycle(everything());
        ADD_FAILURE() << "it was not killed";
    } catch (const Killed&) {
        project.before = {};
        project.after = {};
    }
    const auto report = Life(project, store).cycle(everything());
    EXPECT_TRUE(all_there(report)) << number << "\n" << text_of(report);
    return end_of(project, store);
}

TEST(KillTest, EveryRequestOfABoot) {
    Project project(kProject);
    MemoryStore store;
    Life(project, store).cycle(everything());
    const int requests = project.requests;
    const auto expected = end_of(project, store);
    for (int number = 0; number < requests; ++number) {
        for (const bool after : {false, true}) {
            const auto end = killed_at(number, after);
            EXPECT_EQ(end.server, expected.server) << number << after;
            EXPECT_EQ(end.balancer, expected.balancer) << number << after;
            EXPECT_EQ(end.firewall, expected.firewall) << number << after;
            EXPECT_EQ(end.vip, expected.vip) << number << after;
            EXPECT_EQ(end.changes, expected.changes) << number << after;
            EXPECT_EQ(end.record, expected.record) << number << after;
        }
    }
    std::cout << "killed " << 2 * requests << " times\n";
}

}  // namespace
}  // namespace hcloud::agent::test
