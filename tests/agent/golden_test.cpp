// Golden cases: each folder in golden/ is a server with its metadata, API answers, host and config,
// and the plan that follows. The answers go through the real clients, the host is a real kernel's,
// and each plan is then applied: a second cycle must find nothing to do. Every case runs with and
// without IFA_PROTO.
//
//   host.sh                commands that set the host up
//   ours                   addresses of ours from an earlier run: "ADDRESS/LEN LINK PURPOSE" a
//                          line, the link of the guard is "-"
//   metadata/root,
//   metadata/private-networks
//                          bodies; a missing file is answered with 404
//   api/servers/42,
//   api/floating_ips/478   bodies; without the folder there is no token
//   config.yaml, serial    optional
//   expected_without_mark  optional: where a kernel without the mark leads to another plan
//   expected               the text of `plan`; HCLOUD_GOLDEN_UPDATE=1 writes it anew, to be read
//                          by you
#include "actions/host/rtnetlink.h"
#include "agent/cli/plan_output.h"
#include "agent/config/load.h"
#include "agent/daemon/api_round.h"
#include "agent/daemon/reconciler.h"
#include "metadata/client.h"
#include "tests/lab/command.h"
#include "tests/lab/places.h"
#include "tests/lab/scripted_server.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include <gtest/gtest.h>

namespace hcloud::agent {
namespace {

namespace fs = std::filesystem;
using lab::read_file;

fs::path golden_folder() {
    return lab::in_source("tests/agent/golden");
}

std::vector<std::string> case_names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(golden_folder())) {
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

// Serves the files below a folder; `root` is what a folder itself says.
lab::ScriptedServer::Script serve(const fs::path& folder, lab::ScriptedServer*& server) {
    return [folder, &server](lab::ScriptedServer::Peer& peer) {
        while (peer.read_request()) {
            std::istringstream words(server->requests().back());
            std::string method;
            std::string path;
            words >> method >> path;
            auto file = folder / fs::path(path).relative_path();
            if (fs::is_directory(file)) file /= "root";
            peer.send(fs::exists(file) ? lab::http(read_file(file.string()))
                                       : lab::http("not found", "404 Not Found"));
        }
    };
}

class MemoryLedger : public host::Ledger {
  public:
    std::vector<host::LedgerEntry> load() override { return entries; }
    void save(const std::vector<host::LedgerEntry>& wanted) override { entries = wanted; }
    std::vector<host::LedgerEntry> entries;
};

class Golden : public testing::TestWithParam<std::tuple<std::string, bool>> {
  protected:
    Golden()
        : folder_(golden_folder() / std::get<0>(GetParam())),
          network_({.use_address_protocol = std::get<1>(GetParam())}) {}

    void SetUp() override {
        lab::run("sh -e " + (folder_ / "host.sh").string());
        if (fs::exists(folder_ / "ours")) add_ours();
        if (fs::exists(folder_ / "config.yaml")) config_ = load_config(folder_ / "config.yaml");
    }

    void add_ours() {
        std::ifstream lines(folder_ / "ours");
        const auto snapshot = network_.observe();
        for (std::string prefix, link, purpose; lines >> prefix >> link >> purpose;) {
            if (purpose == purpose::kGuard) {
                add_guard(*host::Prefix::parse(prefix));
                continue;
            }
            host::Address address;
            for (const auto& l : snapshot.links) {
                if (l.name == link) address.link = l.index;
            }
            address.prefix = *host::Prefix::parse(prefix);
            address.protocol = host::kProtocol;
            if (purpose != "private") address.scope = host::Scope::host;
            const host::Change change = host::AddAddress{address};
            ASSERT_EQ(network_.apply({&change, 1})[0].kind, host::Outcome::Kind::done);
            if (purpose != "unlisted") {
                ledger_.entries.push_back({address.link, address.prefix, purpose});
            }
        }
    }

    void add_guard(const host::Prefix& prefix) {
        const host::Change change = host::AddGuard{{{0}}};
        ASSERT_EQ(network_.apply({&change, 1})[0], host::Outcome{});
        ledger_.entries.push_back({0, prefix, purpose::kGuard});
    }

    Knowledge learn() const {
        std::optional<std::int64_t> serial;
        if (fs::exists(folder_ / "serial")) serial = std::stoll(read_file(folder_ / "serial"));
        Knowledge knowledge(config_.identity.verify, serial);
        lab::ScriptedServer* self = nullptr;
        lab::ScriptedServer server({serve(folder_, self)});
        self = &server;
        constexpr std::chrono::hours kLong{1};
        metadata::Client client({server.url("/metadata"), kLong, kLong});
        auto root = client.root();
        knowledge.learn(MetadataAnswers{std::move(root), client.private_networks()});
        if (fs::exists(folder_ / "api")) learn_from_api(knowledge);
        return knowledge;
    }

    void learn_from_api(Knowledge& knowledge) const {
        lab::ScriptedServer* self = nullptr;
        lab::ScriptedServer server({serve(folder_, self)});
        self = &server;
        cloud::ClientOptions options;
        options.endpoint = server.url("/api");
        cloud::Client client(options, cloud::Token("golden-token"));
        knowledge.learn(ask_floating_ips(client, 42, {}, cloud::Priority::essential).answer);
    }

    // Links that have just come up go on changing by themselves (carrier, duplicate address
    // detection), so what `step` leaves alone is seen only between two such changes.
    bool leaves_host_alone(const std::function<void()>& step) {
        return lab::wait_until([&] {
            const auto before = network_.observe();
            step();
            return network_.observe() == before;
        });
    }

    fs::path folder_;
    host::Rtnetlink network_;
    MemoryLedger ledger_;
    Config config_;
};

TEST_P(Golden, PlanIsAsExpectedAndASecondCycleDoesNothing) {
    const auto knowledge = learn();
    SCOPED_TRACE(testing::PrintToString(knowledge.metadata_problems()));
    const auto desired = knowledge.desired(config_);
    Reconciler reconciler(network_, ledger_);
    Plan plan;
    EXPECT_TRUE(leaves_host_alone([&] { plan = reconciler.preview(desired); }));

    const auto text = plan_text(plan, reconciler.observed(), {});
    auto expected = folder_ / "expected";
    const auto other = folder_ / "expected_without_mark";
    if (!std::get<1>(GetParam()) && fs::exists(other)) expected = other;
    if (std::getenv("HCLOUD_GOLDEN_UPDATE") != nullptr) std::ofstream(expected) << text;
    EXPECT_EQ(text, read_file(expected.string()));

    const auto no_grace = std::chrono::milliseconds(0);
    const auto first = reconciler.cycle(desired, no_grace, Clock::now());
    for (const auto& step : first.steps) {
        EXPECT_EQ(step.outcome.kind, host::Outcome::Kind::done)
            << step.text() << step.outcome.message;
    }
    EXPECT_EQ(first.steps.size(), plan.changes.size());
    EXPECT_TRUE(first.plan.changes.empty());
    const auto listed = ledger_.entries;
    EXPECT_TRUE(leaves_host_alone([&] {
        const auto second = reconciler.cycle(desired, no_grace, Clock::now());
        EXPECT_TRUE(second.steps.empty());
    }));
    EXPECT_EQ(ledger_.entries, listed);
}

std::string name_of(const testing::TestParamInfo<std::tuple<std::string, bool>>& info) {
    auto name = std::get<0>(info.param) + (std::get<1>(info.param) ? "" : "_without_mark");
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, Golden,
                         testing::Combine(testing::ValuesIn(case_names()), testing::Bool()),
                         name_of);

}  // namespace
}  // namespace hcloud::agent
