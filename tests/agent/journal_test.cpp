// What the agent writes to the journal, read back from a real systemd-journald that runs in the
// test's own namespace: message ids, fields, and the catalog's paragraphs.
#include "tests/agent/server_fixture.h"

#include <cstdlib>
#include <regex>
#include <set>
#include <sstream>

#include <signal.h>

namespace hcloud::agent {
namespace {

using lab::Process;
using lab::run;
using lab::Server;
using lab::wait_until;
using nlohmann::json;
using testing::HasSubstr;

constexpr const char* kStarted = "a0909499be3c42adaa1defdcda3dd297";
constexpr const char* kReady = "67c4c2fc24c64075ba60b90ea9ec2a06";
constexpr const char* kStopping = "5fa099a67e424acca430d173040ebbd0";
constexpr const char* kChanged = "65f6ca6f8de24b36b5fdc7e812ff62be";
constexpr const char* kRepaired = "8ca2538001ab4380818d62ddd13a2195";
constexpr const char* kChangeFailed = "bb5c64ce6dc24640933a13e0cd7293f6";
constexpr const char* kContested = "7e424ffd907a441bb17b78306a1bde68";
constexpr const char* kGuardChanged = "f0d2334c88804c0eb7376c4437a4c10e";
constexpr const char* kGuardRepaired = "5cbc3060377b44098b22a87f2f6e634a";
constexpr const char* kGuardContested = "35cc9c9567e744a68c0e996455dcb7a7";
constexpr const char* kIdentity = "69cc7aae29f14b42a76a8de594cbb448";
constexpr const char* kMismatch = "d0c10ff3fdbb41deb17a1eb0ac008b9a";
constexpr const char* kMetadataFails = "35b2c50811ca4c1dbfbe4f65fccad121";
constexpr const char* kMetadataWell = "6da25b1090954613a12e694c1bf0ccc3";
constexpr const char* kApiFails = "8678fae670694724bd88861234919a52";

/// A journal of the test's own.
class Journal {
  public:
    Journal() {
        run("mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal /run/log/journal");
        daemon_ = std::make_unique<Process>(std::vector<std::string>{kProgram});
        const auto ready = [] {
            return lab::try_run("test -S /run/systemd/journal/socket").exit_code == 0;
        };
        if (!wait_until(ready)) throw std::runtime_error("no journal: " + daemon_->output());
    }

    /// The agent's entries that match `matches`, as journalctl takes them.
    static std::vector<json> entries(const std::string& matches) {
        const auto text = run(
            "journalctl -q --directory /run/log/journal SYSLOG_IDENTIFIER=hcloud-agent -o json " +
            matches);
        std::vector<json> result;
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);)
            result.push_back(json::parse(line));
        return result;
    }
    /// Of these there is at least one; the first.
    static json entry(const std::string& matches) {
        std::vector<json> found;
        wait_until([&] {
            found = entries(matches);
            return !found.empty();
        });
        if (found.empty()) throw std::runtime_error("no entry with " + matches);
        return found.front();
    }

  private:
    static constexpr const char* kProgram = "/lib/systemd/systemd-journald";
    std::unique_ptr<Process> daemon_;
};

/// The fields that the catalog's paragraph on `id` shows.
std::set<std::string> fields_shown(const std::string& catalog, const std::string& id) {
    const auto begin = catalog.find("-- " + id + "\n");
    if (begin == std::string::npos) throw std::runtime_error("no paragraph on " + id);
    const auto text = catalog.substr(begin, catalog.find("\n-- ", begin) - begin);
    const std::regex field("@([A-Z_]+)@");
    std::set<std::string> result;
    for (std::sregex_iterator it(text.begin(), text.end(), field), end; it != end; ++it)
        result.insert((*it)[1]);
    return result;
}

class JournalTest : public testing::Test {
  protected:
    /// As the service manager starts it: $JOURNAL_STREAM says where stderr leads.
    void start_agent(const std::string& prefix = {}) {
        agent_ = std::make_unique<Process>(
            std::vector<std::string>{"sh", "-c",
                                     "JOURNAL_STREAM=$(stat -Lc %d:%i /proc/self/fd/2) exec " +
                                         prefix + lab::program("hcloud-agent") + " --config " +
                                         server_.config_path() + " --runtime-dir " +
                                         server_.runtime_dir() + " run"},
            Process::Options{
                {{"CREDENTIALS_DIRECTORY", server_.directory().path() + "/credentials"},
                 {"HCLOUD_TOKEN", "sim-token"}},
                {}});
    }
    static std::string id(const char* message) { return std::string("MESSAGE_ID=") + message; }

    Journal journal_;
    Server server_;
    std::unique_ptr<Process> agent_;
};

TEST_F(JournalTest, ALifeInEntriesWithIdsAndFields) {
    start_agent();
    EXPECT_EQ(Journal::entry(id(kStarted))["HCLOUD_VERSION"], "0.1.0");
    Journal::entry(id(kReady));
    const auto identity = Journal::entry(id(kIdentity));
    EXPECT_EQ(identity["HCLOUD_SERVER_ID"], "42");
    EXPECT_EQ(identity["HCLOUD_SERVER_NAME"], "web1");
    EXPECT_EQ(identity["HCLOUD_IDENTITY"], "proven");

    const auto alias = Journal::entry(id(kChanged) + " HCLOUD_ADDRESS=10.0.0.3/32");
    EXPECT_EQ(alias["HCLOUD_LINK"], "eth1");
    EXPECT_EQ(alias["HCLOUD_PURPOSE"], "alias");
    EXPECT_EQ(alias["HCLOUD_REASON"], "alias IP in private network backend is missing");
    EXPECT_EQ(alias["HCLOUD_SERVER_ID"], "42");
    EXPECT_EQ(alias["PRIORITY"], "6");
    EXPECT_EQ(Journal::entry(id(kChanged) + " HCLOUD_ROUTE=10.0.0.0/16")["HCLOUD_LINK"], "eth1");

    run("ip addr del 203.0.113.77/32 dev eth0");
    const auto repaired = Journal::entry(id(kRepaired));
    EXPECT_EQ(repaired["HCLOUD_ADDRESS"], "203.0.113.77/32");
    EXPECT_EQ(repaired["HCLOUD_PURPOSE"], "floating");

    agent_->signal(SIGTERM);
    EXPECT_EQ(agent_->wait(), 0);
    EXPECT_EQ(Journal::entry(id(kStopping))["HCLOUD_SERVER_ID"], "42");
    EXPECT_EQ(agent_->output(), "") << "everything goes to the journal";
}

TEST_F(JournalTest, EveryEntryHasAnIdThatTheCatalogKnowsAndTheFieldsThatItShows) {
    server_.write_config({{"metadata", {{"guard", "root-only"}}}});
    server_.fault({{"path", "/v1/*"}, {"status", 500}});
    start_agent();
    Journal::entry(id(kApiFails) + " PRIORITY=4");
    server_.fault({{"path", "/hetzner/*"}, {"status", 500}});
    EXPECT_EQ(Journal::entry(id(kMetadataFails))["HCLOUD_SERVER_ID"], "42");
    server_.clear_faults();
    Journal::entry(id(kMetadataWell));
    const auto catalog = lab::read_file(lab::in_source("systemd/hcloud-agent.catalog"));
    for (const auto& entry : Journal::entries("")) {
        ASSERT_TRUE(entry.contains("MESSAGE_ID")) << entry;
        for (const auto& field : fields_shown(catalog, entry["MESSAGE_ID"])) {
            EXPECT_FALSE(entry.value(field, "").empty()) << field << " is not in " << entry;
        }
    }
}

TEST_F(JournalTest, AFightHasAnIdOfItsOwn) {
    start_agent();
    Journal::entry(id(kReady));
    ASSERT_TRUE(wait_until([] {
        lab::try_run("ip addr del 10.0.0.4/32 dev eth1");
        return !Journal::entries(std::string("MESSAGE_ID=") + kContested).empty();
    }));
    const auto contested = Journal::entry(id(kContested));
    EXPECT_EQ(contested["HCLOUD_ADDRESS"], "10.0.0.4/32");
    EXPECT_EQ(contested["HCLOUD_LINK"], "eth1");
    EXPECT_EQ(contested["PRIORITY"], "4");
}

TEST_F(JournalTest, TheGuardHasIdsOfItsOwnAndNoInterface) {
    server_.write_config({{"metadata", {{"guard", "root-only"}}}});
    start_agent();
    Journal::entry(id(kReady));
    EXPECT_EQ(Journal::entry(id(kGuardChanged))["HCLOUD_REASON"], "metadata.guard is root-only");
    ASSERT_TRUE(wait_until([] {
        lab::try_run("nft delete table ip hcloud_agent");
        return !Journal::entries(id(kGuardContested)).empty();
    }));
    for (const char* kind : {kGuardChanged, kGuardRepaired, kGuardContested})
        EXPECT_FALSE(Journal::entry(id(kind)).contains("HCLOUD_LINK"));
}

TEST_F(JournalTest, ARefusalSaysWhatTheKernelSaid) {
    start_agent("setpriv --bounding-set=-net_admin ");
    const auto failed = Journal::entry(id(kChangeFailed) + " HCLOUD_ADDRESS=10.0.0.3/32");
    EXPECT_EQ(failed["ERRNO"], "1");
    EXPECT_THAT(failed["HCLOUD_ERROR"].get<std::string>(), HasSubstr("Operation not permitted"));
    EXPECT_EQ(failed["HCLOUD_LINK"], "eth1");
}

TEST_F(JournalTest, AnotherServersMetadataHasAnIdOfItsOwn) {
    server_.directory().write("credentials/dmi-serial", "43\n");
    start_agent();
    EXPECT_THAT(Journal::entry(id(kMismatch))["MESSAGE"].get<std::string>(),
                HasSubstr("this is server 43"));
    EXPECT_TRUE(Journal::entries(id(kMetadataFails)).empty());
}

// What the operator sees: the paragraph, with the entry's own values in it.
TEST_F(JournalTest, JournalctlExplainsWhatItShows) {
    run(std::string("mount -t tmpfs tmpfs /var/lib/systemd && mkdir -p /var/lib/systemd/catalog "
                    "/run/systemd/catalog /tmp && mount --bind ") +
        lab::in_source("systemd") + " /usr/lib/systemd/catalog && journalctl --update-catalog");
    start_agent();
    Journal::entry(id(kReady));
    run("ip addr del 10.0.0.3/32 dev eth1");
    Journal::entry(id(kRepaired));
    const auto text = run("journalctl -q -x --directory /run/log/journal " + id(kRepaired));
    EXPECT_THAT(text, HasSubstr("Subject: A network setting of eth1 was put back"));
    EXPECT_THAT(text, HasSubstr("`ip monitor` shows when"));
    EXPECT_THAT(run("journalctl -q -x --directory /run/log/journal " + id(kIdentity)),
                HasSubstr("This is server web1, id 42; its identity is proven."));
}

}  // namespace
}  // namespace hcloud::agent
