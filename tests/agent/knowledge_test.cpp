// What answers change in what is known, and above all what they do not: absent is not empty.
#include "agent/planner/knowledge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::agent {
namespace {

using metadata::Absent;
using metadata::Error;
using metadata::ErrorKind;

const Error kError{ErrorKind::timeout, "GET http://x/private-networks", "no answer in time"};

metadata::Root root(std::int64_t id = 42) {
    metadata::Root value;
    value.instance_id = id;
    value.hostname = "web1";
    value.public_ipv4 = "203.0.113.10";
    return value;
}

metadata::PrivateNetwork network(const std::string& mac, const std::string& ip,
                                 std::vector<std::string> aliases = {}, int number = 1) {
    return {ip,         std::move(aliases), mac,  "10.0.0.0/16", "10.0.0.0/24",
            "10.0.0.1", "backend",          4711, number};
}

metadata::PrivateNetworks networks(std::vector<metadata::PrivateNetwork> entries) {
    return {std::move(entries), {}};
}

const auto kOne = networks({network("86:00:00:00:00:01", "10.0.0.2", {"10.0.0.3"})});

cloud::FloatingIp floating_ip(std::int64_t id, const std::string& ip) {
    return {id, "vip", ip, 42};
}

class KnowledgeTest : public testing::Test {
  protected:
    Knowledge knowledge_{VerifyBy::dmi, 42};
    Config config_;

    Desired desired() const { return knowledge_.desired(config_); }
    Known<PrivateNetwork> known() const { return desired().private_networks; }
};

TEST_F(KnowledgeTest, NothingIsKnownAtFirst) {
    EXPECT_EQ(known().certainty, Certainty::unknown);
    EXPECT_EQ(desired().floating_ips.certainty, Certainty::unknown);
    EXPECT_FALSE(knowledge_.has_metadata());
    EXPECT_EQ(knowledge_.identity(), Identity::unknown);
}

TEST_F(KnowledgeTest, ACompleteAnswerIsComplete) {
    knowledge_.learn(MetadataAnswers{root(), kOne});
    EXPECT_EQ(known().certainty, Certainty::complete);
    ASSERT_EQ(known().list.size(), 1U);
    EXPECT_EQ(known().list[0].alias_ips, std::vector{*host::IpAddress::parse("10.0.0.3")});
    EXPECT_TRUE(knowledge_.metadata_problems().empty());
    EXPECT_EQ(knowledge_.identity(), Identity::proven);
}

struct BadAnswer {
    std::string name;
    metadata::Answer<metadata::Root> root;
    metadata::Answer<metadata::PrivateNetworks> networks;
    std::string problem;
};

class AbsentIsNotEmpty : public KnowledgeTest, public testing::WithParamInterface<BadAnswer> {};

TEST_P(AbsentIsNotEmpty, WhatWasKnownStays) {
    knowledge_.learn(MetadataAnswers{root(), kOne});
    const auto before = desired();
    knowledge_.learn(MetadataAnswers{GetParam().root, GetParam().networks});
    EXPECT_EQ(known().list, before.private_networks.list);
    EXPECT_EQ(desired().public_addresses, before.public_addresses);
    EXPECT_THAT(knowledge_.metadata_problems(),
                testing::ElementsAre(testing::HasSubstr(GetParam().problem)));
    knowledge_.learn(MetadataAnswers{root(), kOne});
    EXPECT_EQ(desired(), before) << "it does not recover";
}

INSTANTIATE_TEST_SUITE_P(
    Answers, AbsentIsNotEmpty,
    testing::Values(BadAnswer{"RootError", kError, kOne, "no answer in time"},
                    BadAnswer{"NetworksError", root(), kError, "no answer in time"},
                    BadAnswer{"Networks404", root(), Absent{"404"}, "404 after there were some"},
                    BadAnswer{"Networks204", root(), Absent{"204"}, "204 after there were some"},
                    BadAnswer{"OneBroken", root(),
                              metadata::PrivateNetworks{{}, {"entry 1: no ip"}}, "entry 1: no ip"},
                    BadAnswer{"OtherServer", root(43), networks({}), "answers for server 43"}),
    [](const auto& i) { return i.param.name; });

TEST_F(KnowledgeTest, AnEmptyListIsAnAnswer) {
    knowledge_.learn(MetadataAnswers{root(), kOne});
    knowledge_.learn(MetadataAnswers{root(), networks({})});
    EXPECT_EQ(known().certainty, Certainty::complete);
    EXPECT_TRUE(known().list.empty());
}

TEST_F(KnowledgeTest, AbsentFromTheBeginningIsSettledButDeletesNothing) {
    knowledge_.learn(MetadataAnswers{root(), Absent{"404"}});
    EXPECT_TRUE(knowledge_.has_metadata());
    EXPECT_TRUE(knowledge_.metadata_problems().empty());
    EXPECT_EQ(known().certainty, Certainty::unknown);
}

TEST_F(KnowledgeTest, BesideABrokenEntryNewOnesAreAddedAndOldOnesStay) {
    knowledge_.learn(MetadataAnswers{root(), kOne});
    metadata::PrivateNetworks answer{{network("86:00:00:00:00:02", "10.0.0.9", {}, 2)},
                                     {"entry 1: 'x' is no address"}};
    knowledge_.learn(MetadataAnswers{root(), answer});
    EXPECT_EQ(known().certainty, Certainty::partial);
    ASSERT_EQ(known().list.size(), 2U);
    EXPECT_EQ(known().list[0].alias_ips.size(), 1U);
}

TEST_F(KnowledgeTest, BesideABrokenEntryANewAliasIsAddedAndAMissingOneStays) {
    knowledge_.learn(MetadataAnswers{root(), kOne});
    metadata::PrivateNetworks answer{{network("86:00:00:00:00:01", "10.0.0.2", {"10.0.0.9"})},
                                     {"entry 1: 'x' is no address"}};
    knowledge_.learn(MetadataAnswers{root(), answer});
    EXPECT_THAT(known().list[0].alias_ips,
                testing::ElementsAre(*host::IpAddress::parse("10.0.0.3"),
                                     *host::IpAddress::parse("10.0.0.9")));
}

TEST_F(KnowledgeTest, NetworksThatWereNotAskedForAreNoProblem) {
    knowledge_.learn(MetadataAnswers{root(), std::nullopt});
    EXPECT_TRUE(knowledge_.has_metadata());
    EXPECT_TRUE(knowledge_.metadata_problems().empty());
    EXPECT_EQ(known().certainty, Certainty::unknown);
}

TEST_F(KnowledgeTest, AMismatchFreezesAndNamesBothServers) {
    knowledge_.learn(MetadataAnswers{root(4242), kOne});
    EXPECT_EQ(knowledge_.identity(), Identity::mismatch);
    EXPECT_THAT(desired().frozen, testing::HasSubstr("this is server 42 (DMI serial), but metadata "
                                                     "answers for server 4242"));
    EXPECT_EQ(known().certainty, Certainty::unknown) << "somebody else's networks were learnt";
}

TEST_F(KnowledgeTest, WithoutDmiAnIdThatChangesIsAMismatchToo) {
    Knowledge knowledge(VerifyBy::dmi, std::nullopt);
    knowledge.learn(MetadataAnswers{root(42), kOne});
    EXPECT_EQ(knowledge.identity(), Identity::unproven);
    knowledge.learn(MetadataAnswers{root(43), kOne});
    EXPECT_EQ(knowledge.identity(), Identity::mismatch);
}

TEST_F(KnowledgeTest, VerifyByMetadataDoesNotLookAtDmi) {
    Knowledge knowledge(VerifyBy::metadata, 7);
    knowledge.learn(MetadataAnswers{root(42), kOne});
    EXPECT_EQ(knowledge.identity(), Identity::unproven);
    EXPECT_TRUE(knowledge.desired(config_).frozen.empty());
}

TEST_F(KnowledgeTest, NetworksComeInOrderOfTheirInterface) {
    knowledge_.learn(
        MetadataAnswers{root(), networks({network("86:00:00:00:00:02", "10.0.0.9", {}, 2),
                                          network("86:00:00:00:00:01", "10.0.0.2", {}, 1)})});
    EXPECT_EQ(known().list[0].mac, "86:00:00:00:00:01");
}

TEST_F(KnowledgeTest, FloatingIpsKeepWhatAProblemHides) {
    knowledge_.learn(FloatingIpsAnswer{{floating_ip(1, "203.0.113.77")}, {}});
    EXPECT_EQ(desired().floating_ips.certainty, Certainty::complete);
    knowledge_.learn(FloatingIpsAnswer{{floating_ip(2, "203.0.113.78")}, {"GET …: HTTP 500"}});
    EXPECT_EQ(desired().floating_ips.certainty, Certainty::partial);
    EXPECT_EQ(desired().floating_ips.list.size(), 2U);
    knowledge_.learn(FloatingIpsAnswer{{}, {}});
    EXPECT_EQ(desired().floating_ips, (Known<host::Prefix>{Certainty::complete, {}}));
}

TEST_F(KnowledgeTest, AListInTheConfigIsCompleteAndOffIsUnknown) {
    config_.network.floating_ips = std::vector{*host::Prefix::parse("203.0.113.5/32")};
    EXPECT_EQ(desired().floating_ips.certainty, Certainty::complete);
    config_.network.floating_ips = FloatingIpsMode::off;
    EXPECT_EQ(desired().floating_ips, Known<host::Prefix>{});
}

TEST_F(KnowledgeTest, TheMetadataRouteIsPinnedForTheRealServiceAlone) {
    EXPECT_TRUE(desired().pinned_metadata.has_value());
    config_.metadata.endpoint = "http://127.0.0.1:8080/hetzner/v1/metadata";
    EXPECT_FALSE(desired().pinned_metadata.has_value());
}

TEST(InterfaceAddress, OfAFloatingIp) {
    const auto text = [](const char* ip) {
        const auto prefix = interface_address(ip);
        return prefix ? prefix->to_string() : "none";
    };
    EXPECT_EQ(text("203.0.113.77"), "203.0.113.77/32");
    EXPECT_EQ(text("2001:db8:77::/64"), "2001:db8:77::1/64");
    EXPECT_EQ(text("2001:db8:77::5"), "2001:db8:77::5/64");
    EXPECT_EQ(text("2001:db8:77::"), "2001:db8:77::1/64");
    EXPECT_EQ(text("nonsense"), "none");
}

}  // namespace
}  // namespace hcloud::agent
