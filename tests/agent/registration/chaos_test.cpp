// 10,000 steps (fewer in debug builds) of faults, kills, outside changes and new configurations, in
// virtual time. After each of them, what others have set is as they left it, and no request changed
// anything while it was not proven whose metadata it is. In the end it converges.
//
// One seed again:   HCLOUD_CHAOS_SEED=17 build/release/bin/chaos_test
#include "agent/daemon/registration.h"
#include "tests/agent/registration/example.h"
#include "tests/agent/registration/project.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <numeric>
#include <optional>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hcloud::agent::test {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kSeeds = HCLOUD_CHAOS_SEEDS;
constexpr int kStepsASeed = 500;
// A boot from nothing takes 28; what may have to be undone first, and names that were looked for
// in vain, come on top.
constexpr int kRequestsToConverge = 40;
// Of the project's 3,600 an hour.
constexpr int kRequestsAnHour = 200;

metadata::Root root_of(std::int64_t server) {
    metadata::Root root;
    root.instance_id = server;
    root.hostname = "web1";
    return root;
}

class Chaos {
  public:
    explicit Chaos(std::uint32_t seed) : random_(seed), wanted_(everything()) {
        project_.before = [this](int, const cloud::Request& request) { on_request(request); };
        project_.after = [this](int, const cloud::Request&) { lose_answer(); };
        boot();
        others_ = view();
    }

    void step() {
        static constexpr std::array kWeights{10, 3, 2, 2, 4, 1, 3};
        std::discrete_distribution<int> choose(kWeights.begin(), kWeights.end());
        switch (choose(random_)) {
            case 0:
                return cycle();
            case 1:
                return pass();
            case 2:
                return boot();
            case 3:
                kill_in_ = pick(1, 12);
                return cycle();
            case 4:
                return somebody_else();
            case 5:
                return another_configuration();
            default:
                faulty_ = pick(0, 8);
                return cycle();
        }
    }

    /// Faults and others have ended; the number of requests until all is as it should be.
    std::optional<int> converge() {
        faulty_ = 0;
        kill_in_.reset();
        wanted_ = everything();
        set_identity(true);
        const int before = project_.requests;
        for (int i = 0; i < 10; ++i) {
            project_.pass(minutes(61));  // the longest pause of what was fought over
            cycle();
            if (latest_ && all_there(*latest_) && latest_->plan.changes.empty()) {
                return project_.requests - before;
            }
        }
        return std::nullopt;
    }

    json view() {
        return others_view(project_, {"role", "example.com/tier", "extra"},
                           {"10.0.0.100", "10.0.0.101"});
    }
    const json& others() const { return others_; }
    bool wrote_unproven() const { return wrote_unproven_; }
    int most_requests_an_hour() const { return most_an_hour_; }
    std::string latest() const { return latest_ ? text_of(*latest_) : "no report"; }

  private:
    int pick(int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(random_);
    }

    void on_request(const cloud::Request& request) {
        const auto now = project_.now();
        recent_.push_back(now);
        while (recent_.front() < now - std::chrono::hours(1))
            recent_.pop_front();
        most_an_hour_ = std::max(most_an_hour_, static_cast<int>(recent_.size()));
        wrote_unproven_ |= request.method != "GET" && knowledge_.identity() != Identity::proven;
        if (kill_in_ && --*kill_in_ == 0) throw Killed();
        if (faulty_ > 0 && pick(0, 2) == 0) {
            --faulty_;
            refuse(request);
        }
    }

    void refuse(const cloud::Request& request) {
        static const std::vector<std::pair<int, const char*>> kAnswers{
            {409, "conflict"},     {423, "locked"},       {429, "rate_limit_exceeded"},
            {500, "server_error"}, {503, "unavailable"},  {504, "timeout"},
            {404, "not_found"},    {422, "service_error"}};
        const auto at = static_cast<std::size_t>(pick(0, static_cast<int>(kAnswers.size())));
        if (at == kAnswers.size()) {
            throw cloud::Failure{cloud::ErrorKind::unreachable, "connection refused"};
        }
        const auto path = "/v1" + request.path.substr(0, request.path.find('?'));
        project_.fault({{"path", path},
                        {"count", 1},
                        {"status", kAnswers[at].first},
                        {"body", error_body(kAnswers[at].second, "chaos")}});
    }

    /// The request took effect, and nobody hears of it.
    void lose_answer() {
        if (faulty_ == 0 || pick(0, 9) != 0) return;
        --faulty_;
        throw cloud::Failure{cloud::ErrorKind::broken, "connection reset"};
    }

    void boot() {
        life_.reset();
        life_ = std::make_unique<Life>(project_, store_);
        set_identity(pick(0, 4) != 0);
    }

    void set_identity(bool right) {
        knowledge_ =
            Knowledge(VerifyBy::dmi,
                      right || pick(0, 1) == 0 ? std::optional<std::int64_t>(42) : std::nullopt);
        metadata::Root root = root_of(right ? 42 : 43);
        MetadataAnswers answers{root, std::nullopt, "GET metadata"};
        knowledge_.learn(answers);
    }

    void cycle() {
        latest_.reset();
        if (!registration_hindrance(Config(), knowledge_, "").why.empty()) {
            if (pick(0, 3) == 0) set_identity(true);
            return;
        }
        try {
            latest_ = life_->cycle(wanted_);
        } catch (const Killed&) {
            kill_in_.reset();
            life_.reset();
            life_ = std::make_unique<Life>(project_, store_);
        } catch (const cloud::Error&) {
            // The look at this server failed: the agent waits for the next one.
        }
        kill_in_.reset();
        project_.pass(seconds(5));
    }

    void pass() {
        project_.pass(milliseconds(pick(1, 20 * 60 * 1000)));
        if (pick(0, 4) == 0) set_identity(pick(0, 2) != 0);
    }

    void another_configuration() {
        wanted_ = everything();
        if (pick(0, 1) == 0) wanted_.labels.erase("role");
        if (pick(0, 1) == 0) wanted_.labels["extra"] = "yes";
        if (pick(0, 1) == 0) wanted_.firewalls.pop_back();
        if (pick(0, 1) == 0) wanted_.load_balancers.clear();
        if (pick(0, 1) == 0) {
            wanted_.networks[0].alias_ips = {*host::IpAddress::parse("10.0.0.101")};
        }
        if (pick(0, 3) == 0) wanted_ = {};
    }

    void somebody_else() {
        project_.let_actions_end();
        try {
            change_something();
        } catch (const std::runtime_error&) {
            // Not possible now: already so, or not there.
        }
        project_.let_actions_end();
        others_ = view();
    }

    void change_something() {
        switch (pick(0, 8)) {
            case 0: {
                auto labels = project_.server()["labels"];
                labels[fmt::format("theirs{}", pick(0, 3))] = std::to_string(pick(0, 9));
                project_.call("PUT", "/servers/42", {{"labels", labels}});
                return;
            }
            case 1:
                project_.call("PUT", "/servers/42", {{"labels", {{"owner", "alice"}}}});
                return;
            case 2:
                project_.call("POST", "/firewalls/38/actions/remove_from_resources",
                              {{"remove_from", this_server()}});
                return;
            case 3:
                project_.call("POST", "/load_balancers/12/actions/remove_target",
                              {{"type", "server"}, {"server", {{"id", 42}}}});
                return;
            case 4:
                project_.call(
                    "POST", "/servers/42/actions/change_alias_ips",
                    {{"network", 4711}, {"alias_ips", {fmt::format("10.0.0.{}", pick(50, 55))}}});
                return;
            case 5:
                project_.call("POST", "/servers/42/actions/detach_from_network",
                              {{"network", 4711}});
                return;
            case 6:
                project_.call("POST", "/servers/42/actions/change_dns_ptr",
                              {{"ip", "203.0.113.10"}, {"dns_ptr", "theirs.example.com"}});
                return;
            case 7:
                project_.call("PUT", "/servers/43",
                              {{"labels", {{"n", std::to_string(pick(0, 9))}}}});
                return;
            default:
                project_.call("PUT", "/firewalls/39",
                              {{"name", pick(0, 1) == 0 ? "ssh" : "renamed"}});
        }
    }

    static json this_server() {
        return json::array({{{"type", "server"}, {"server", {{"id", 42}}}}});
    }

    std::mt19937 random_;
    Project project_{kProject};
    MemoryStore store_;
    Config::Register wanted_;
    Knowledge knowledge_{VerifyBy::dmi, std::nullopt};
    std::unique_ptr<Life> life_;
    std::optional<RegistrationReport> latest_;
    json others_;
    int faulty_ = 0;
    std::optional<int> kill_in_;
    bool wrote_unproven_ = false;
    std::deque<cloud::TimePoint> recent_;
    int most_an_hour_ = 0;
};

std::vector<std::uint32_t> seeds() {
    if (const char* seed = std::getenv("HCLOUD_CHAOS_SEED")) {
        return {static_cast<std::uint32_t>(std::stoul(seed))};
    }
    std::vector<std::uint32_t> result(kSeeds);
    std::iota(result.begin(), result.end(), 1U);
    return result;
}

class ChaosTest : public testing::TestWithParam<std::uint32_t> {};

TEST_P(ChaosTest, Steps) {
    Chaos chaos(GetParam());
    for (int step = 0; step < kStepsASeed; ++step) {
        chaos.step();
        ASSERT_EQ(chaos.view(), chaos.others())
            << fmt::format("seed {}, step {}: somebody else's things changed", GetParam(), step);
        ASSERT_FALSE(chaos.wrote_unproven()) << fmt::format("seed {}, step {}", GetParam(), step);
        ASSERT_LE(chaos.most_requests_an_hour(), kRequestsAnHour) << GetParam();
    }
    const auto requests = chaos.converge();
    ASSERT_TRUE(requests) << fmt::format("seed {} does not converge:\n", GetParam())
                          << chaos.latest();
    EXPECT_LE(*requests, kRequestsToConverge) << GetParam();
    std::cout << fmt::format("seed {}: converged with {} requests; {} an hour at most\n",
                             GetParam(), *requests, chaos.most_requests_an_hour());
}

INSTANTIATE_TEST_SUITE_P(Seeds, ChaosTest, testing::ValuesIn(seeds()));

}  // namespace
}  // namespace hcloud::agent::test
