// Where the connections of a load balancer go, and what becomes of those that stand.
#include "tests/simulator/forward/test_forward.h"
#include "tests/simulator/test_load_balancers.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using lab::wait_until;
using nlohmann::json;
using test::server_target;
using test::TcpClient;
using testing::ElementsAre;
using testing::Pair;

class Connections : public test::ForwardTest {};

TEST_F(Connections, GoToTheTargetsInTurn) {
    start_all();
    EXPECT_THAT(answers(8), ElementsAre(Pair("web1", 4), Pair("web2", 4)));
}

TEST_F(Connections, CarryAnyAmountBothWaysAtOnce) {
    start_all();
    TcpClient client = client_of("web1");
    const std::string much(8'000'000, 'x');
    std::thread sending([&] {
        client.send(much);
        client.finish();
    });
    EXPECT_EQ(client.read_all(), much + "bye") << "the answer goes on when the client has ended";
    sending.join();
}

TEST_F(Connections, ToARemovedTargetAreNotMadeButGoOn) {
    start_all();
    std::optional<TcpClient> standing = client_of("web1");
    ASSERT_EQ(act("remove_target", server_target(42)).status, 201);
    EXPECT_THAT(answers(6), ElementsAre(Pair("web2", 6)));
    EXPECT_TRUE(wait_until([&] { return traffic_of("127.0.0.42")["health"] == "removed"; }));
    EXPECT_TRUE(standing->echoes("still there"));
    EXPECT_EQ(traffic_of("127.0.0.42")["open"], 1);
    standing.reset();
    EXPECT_TRUE(wait_until([&] { return traffic_of("127.0.0.42").is_null(); }));
}

TEST_F(Connections, ToATargetThatIsAddedAgainAreMade) {
    start_all();
    act("remove_target", server_target(42));
    EXPECT_THAT(answers(2), ElementsAre(Pair("web2", 2)));
    EXPECT_TRUE(wait_until([&] { return traffic_of("127.0.0.42").is_null(); }));
    act("add_target", server_target(42));
    EXPECT_TRUE(becomes(42, "healthy"));
    EXPECT_THAT(answers(4), ElementsAre(Pair("web1", 2), Pair("web2", 2)));
}

TEST_F(Connections, EndWithTheirTarget) {
    start_all();
    TcpClient client = client_of("web1");
    web1_.reset();
    EXPECT_EQ(client.read_all(), "");
}

TEST_F(Connections, AreClosedIfTheirTargetRefusesThem) {
    project_.patch_state(json::parse(R"({"load_balancers": {"1": {"targets": [{"server": 42}],
        "services": [{"listen_port": 8000, "destination_port": 8080,
                      "health_check": {"interval": 60}}]}}})"));
    web1_.emplace("web1", "127.0.0.42");
    start();
    ASSERT_TRUE(becomes(42, "healthy"));
    ASSERT_TRUE(wait_until([&] { return listens(kPort); }));
    web1_.reset();
    EXPECT_EQ(answer(), "");
    EXPECT_EQ(health(42), "healthy") << "the next check is in a minute";
    EXPECT_TRUE(wait_until([&] { return traffic_of("127.0.0.42")["failed"] >= 1; }));
}

TEST_F(Connections, WithoutAHealthyTargetAreTurnedAway) {
    start();
    ASSERT_TRUE(wait_until([&] { return listens(kPort); }));
    EXPECT_EQ(answer(), "");
    EXPECT_TRUE(wait_until([&] { return traffic()[0]["refused"] >= 1; }));
}

TEST_F(Connections, AreLimited) {
    start_targets();
    start({.listen = "127.0.0.1", .max_connections = 1});
    ASSERT_TRUE(becomes(42, "healthy"));
    ASSERT_TRUE(becomes(43, "healthy"));
    ASSERT_TRUE(wait_until([&] { return listens(kPort); }));
    // Looking whether it listens took the only place for a moment.
    ASSERT_TRUE(wait_until([&] { return !answer().empty(); }));
    std::optional<TcpClient> first = client_of("web1");
    const auto refused = [&] { return traffic()[0]["refused"].get<int>(); };
    const int before = refused();
    EXPECT_EQ(answer(), "");
    EXPECT_TRUE(wait_until([&] { return refused() == before + 1; }));
    EXPECT_TRUE(first->echoes("mine"));
    first.reset();
    EXPECT_TRUE(wait_until([&] { return !answer().empty(); }));
}

TEST_F(Connections, EndWithTheForwarder) {
    start_all();
    TcpClient client = client_of("web1");
    forwarder_.reset();
    EXPECT_EQ(client.read_all(), "");
    EXPECT_FALSE(listens(kPort));
}

/// Clients that connect again and again until they are stopped.
class Load {
  public:
    explicit Load(std::uint16_t port) {
        for (int i = 0; i < 4; ++i)
            clients_.emplace_back([this, port] { run(port); });
    }
    ~Load() { stop(); }
    void stop() {
        stopping_ = true;
        for (std::thread& client : clients_)
            client.join();
        clients_.clear();
    }
    int good() const { return good_; }
    int failed() const { return failed_; }
    bool goes_on(int requests) const {
        const int enough = good_ + requests;
        return wait_until([&] { return good_ >= enough; });
    }

  private:
    void run(std::uint16_t port) {
        while (!stopping_) {
            TcpClient client("127.0.0.1", port);
            const bool good = !client.read_line().empty() && client.echoes("request");
            ++(good ? good_ : failed_);
        }
    }

    std::atomic<bool> stopping_ = false;
    std::atomic<int> good_ = 0;
    std::atomic<int> failed_ = 0;
    std::vector<std::thread> clients_;
};

TEST_F(Connections, UnderLoadLeaveADrainedTargetWithoutOneFailure) {
    start_all();
    Load load(kPort);
    ASSERT_TRUE(load.goes_on(100));
    ASSERT_EQ(act("remove_target", server_target(42)).status, 201);
    ASSERT_TRUE(wait_until([&] { return traffic_of("127.0.0.42").is_null(); }));
    web1_.reset();
    ASSERT_TRUE(load.goes_on(100));
    web1_.emplace("web1", "127.0.0.42");
    ASSERT_EQ(act("add_target", server_target(42)).status, 201);
    ASSERT_TRUE(becomes(42, "healthy"));
    ASSERT_TRUE(load.goes_on(100));
    load.stop();
    EXPECT_EQ(load.failed(), 0) << load.good() << " were good";
    EXPECT_GT(traffic_of("127.0.0.42")["total"], 0);
}

TEST_F(Connections, UnderLoadFailIfTheTargetGoesWithoutADrain) {
    start_all();
    Load load(kPort);
    ASSERT_TRUE(load.goes_on(100));
    web1_.reset();
    EXPECT_TRUE(wait_until([&] { return load.failed() > 0; }));
}

}  // namespace
}  // namespace hcloud::sim
