// Certificates: what is one, uploaded and managed ones, failing issuance.
#include "tests/simulator/certificate_pem.h"
#include "tests/simulator/test_certificate.h"
#include "tests/simulator/test_project.h"
#include "tests/simulator/values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::kCa;
using test::kLeaf;
using test::kLeafKey;
using test::Outcome;
using test::Project;
using testing::ElementsAre;

TEST(CertificatePem, SaysWhatOpensslSays) {
    const auto facts = parse_certificate(kLeaf);
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->fingerprint, test::kLeafFingerprint);
    EXPECT_EQ(format_time(facts->not_valid_before), "2026-11-24T15:47:49Z");
    EXPECT_EQ(format_time(facts->not_valid_after), "2126-10-31T15:47:49Z");
    EXPECT_THAT(facts->domain_names, ElementsAre("example.com", "www.example.com"));
    EXPECT_THAT(parse_certificate(test::kWithoutAlternatives)->domain_names,
                ElementsAre("only.example.com"));
}

TEST(CertificatePem, IsAChainInOrder) {
    const auto chain = parse_certificate(std::string(kLeaf) + kCa);
    ASSERT_TRUE(chain);
    EXPECT_EQ(chain->fingerprint, test::kLeafFingerprint);
    EXPECT_FALSE(parse_certificate(std::string(kCa) + kLeaf));
    EXPECT_FALSE(parse_certificate(std::string(kLeaf) + test::kWithoutAlternatives));
    EXPECT_FALSE(parse_certificate(""));
    EXPECT_FALSE(parse_certificate("-----BEGIN CERTIFICATE-----\n..."));
    EXPECT_FALSE(parse_certificate(kLeafKey));
    std::string broken = kLeaf;
    broken[100] = '*';
    EXPECT_FALSE(parse_certificate(broken));
    EXPECT_FALSE(parse_certificate(kLeaf + broken));
}

TEST(CertificatePem, FitsItsOwnKeyOnly) {
    EXPECT_TRUE(key_fits(kLeaf, kLeafKey));
    EXPECT_TRUE(key_fits(std::string(kLeaf) + kCa, kLeafKey));
    EXPECT_FALSE(key_fits(kLeaf, test::kOtherKey));
    EXPECT_FALSE(key_fits(kLeaf, test::kLockedKey)) << "and nobody was asked for its passphrase";
    EXPECT_FALSE(key_fits(kLeaf, kLeaf));
    EXPECT_FALSE(key_fits(kLeaf, ""));
}

TEST(CertificatePem, IsIssuedFor90Days) {
    const Time now = kCreated;
    const std::string pem = issue_certificate({"a.example", "*.b.example"}, now);
    const auto facts = parse_certificate(pem);
    ASSERT_TRUE(facts);
    EXPECT_THAT(facts->domain_names, ElementsAre("a.example", "*.b.example"));
    EXPECT_EQ(facts->not_valid_before, now);
    EXPECT_EQ(facts->not_valid_after, now + std::chrono::hours(90 * 24));
    EXPECT_NE(issue_certificate({"a.example"}, now), issue_certificate({"a.example"}, now));
}

json uploaded(const std::string& name) {
    return {{"name", name}, {"certificate", kLeaf}, {"private_key", kLeafKey}};
}

json managed(const std::string& name) {
    return {
        {"name", name}, {"type", "managed"}, {"domain_names", {"example.com", "*.example.com"}}};
}

class Certificates : public testing::Test {
  protected:
    explicit Certificates(const std::string& options = "") : project_(options) {}

    Outcome create(const json& body) {
        Outcome made = project_.post("/certificates", body);
        path_ = "/certificates/" + made.body["certificate"]["id"].dump();
        return made;
    }
    json certificate() { return project_.get(path_).body["certificate"]; }

    Project project_;
    std::string path_;
};

class FailingCertificates : public Certificates {
  protected:
    FailingCertificates()
        : Certificates(
              "failing_actions: {issue_certificate: {code: dns_zone_not_found, "
              "message: DNS zone not found, count: 1}}") {}
};

TEST_F(Certificates, AreUploaded) {
    const Outcome made = create(uploaded("web"));
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.body["action"], nullptr);
    const json certificate = made.body["certificate"];
    EXPECT_EQ(certificate["type"], "uploaded");
    EXPECT_EQ(certificate["certificate"], kLeaf);
    EXPECT_EQ(certificate["fingerprint"], test::kLeafFingerprint);
    EXPECT_EQ(certificate["domain_names"], json({"example.com", "www.example.com"}));
    EXPECT_EQ(certificate["not_valid_before"], "2026-11-24T15:47:49Z");
    EXPECT_EQ(certificate["status"], nullptr);
    EXPECT_EQ(certificate["used_by"], json::array());
    EXPECT_EQ(certificate.dump().find("PRIVATE"), std::string::npos);
}

TEST_F(Certificates, AreNotUploadedFromBadFields) {
    const auto fields = [&](const json& change) {
        json body = uploaded("web");
        body.merge_patch(change);
        const Outcome refused = project_.post("/certificates", body);
        EXPECT_EQ(refused.status, 422);
        EXPECT_EQ(refused.code(), "invalid_input");
        return refused.fields();
    };
    EXPECT_THAT(fields({{"name", nullptr}, {"certificate", nullptr}, {"private_key", nullptr}}),
                ElementsAre("name", "certificate", "private_key"));
    EXPECT_THAT(fields({{"certificate", "-----BEGIN CERTIFICATE-----\n..."}}),
                ElementsAre("certificate"));
    EXPECT_THAT(fields({{"private_key", test::kOtherKey}}), ElementsAre("private_key"));
    EXPECT_THAT(fields({{"type", "bought"}}), ElementsAre("type"));
    EXPECT_THAT(fields({{"type", "managed"}}), ElementsAre("domain_names"));
    for (const json& names : {json::array(), json({"a b"}), json({"a,IP:127.0.0.1"}), json({""})}) {
        EXPECT_THAT(fields({{"type", "managed"}, {"domain_names", names}}),
                    ElementsAre("domain_names"))
            << names;
    }
}

TEST_F(Certificates, AreIssuedByAnAction) {
    const Outcome made = create(managed("web"));
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.body["action"]["command"], "issue_certificate");
    const json pending = made.body["certificate"];
    EXPECT_EQ(pending["status"],
              json::parse(R"({"issuance": "pending", "renewal": "unavailable", "error": null})"));
    EXPECT_EQ(pending["certificate"], nullptr);
    EXPECT_EQ(pending["fingerprint"], nullptr);
    EXPECT_EQ(project_.call("DELETE", path_).code(), "locked");
    project_.let_actions_end();
    const json issued = certificate();
    EXPECT_EQ(issued["status"],
              json::parse(R"({"issuance": "completed", "renewal": "scheduled", "error": null})"));
    EXPECT_EQ(issued["domain_names"], json({"example.com", "*.example.com"}));
    EXPECT_EQ(issued["not_valid_before"], "2026-11-23T12:00:00Z");
    const auto facts = parse_certificate(issued["certificate"].get<std::string>());
    ASSERT_TRUE(facts);
    EXPECT_THAT(facts->domain_names, ElementsAre("example.com", "*.example.com"));
    EXPECT_EQ(issued["fingerprint"], facts->fingerprint);
}

TEST_F(FailingCertificates, CanBeTriedAgain) {
    const Id action = create(managed("web")).body["action"]["id"];
    project_.let_actions_end();
    const json ended = project_.get(path_ + "/actions").body["actions"][0];
    EXPECT_EQ(ended["id"], action);
    EXPECT_EQ(ended["status"], "error");
    EXPECT_EQ(certificate()["status"], json::parse(R"({
        "issuance": "failed", "renewal": "unavailable",
        "error": {"code": "dns_zone_not_found", "message": "DNS zone not found"}})"));
    const Outcome again = project_.post(path_ + "/actions/retry");
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(certificate()["status"]["issuance"], "pending");
    EXPECT_EQ(certificate()["status"]["error"], nullptr);
    EXPECT_EQ(project_.post(path_ + "/actions/retry").code(), "locked");
    project_.let_actions_end();
    EXPECT_EQ(certificate()["status"]["issuance"], "completed");
}

TEST_F(Certificates, KeepTheOldOneWhenARenewalFails) {
    create(managed("web"));
    project_.let_actions_end();
    const json old = certificate();
    const std::string id = old["id"].dump();
    project_.patch_state({{"certificates", {{id, {{"renewal", "failed"}}}}}});
    project_.patch_state(
        {{"failing_actions", {{"issue_certificate", {{"code", "ca_dns_validation_failed"}}}}}});
    EXPECT_EQ(project_.complete(path_ + "/actions/retry").status, 201);
    EXPECT_EQ(certificate()["status"]["renewal"], "failed");
    EXPECT_EQ(certificate()["status"]["issuance"], "completed");
    EXPECT_EQ(certificate()["status"]["error"]["code"], "ca_dns_validation_failed");
    EXPECT_EQ(certificate()["certificate"], old["certificate"]);
    project_.patch_state({{"failing_actions", nullptr}});
    project_.complete(path_ + "/actions/retry");
    EXPECT_EQ(certificate()["status"]["renewal"], "scheduled");
    EXPECT_NE(certificate()["fingerprint"], old["fingerprint"]);
}

TEST_F(Certificates, AreNotTriedAgainWithoutNeed) {
    create(uploaded("web"));
    const Outcome refused = project_.post(path_ + "/actions/retry");
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "unsupported_error");
    create(managed("other"));
    project_.let_actions_end();
    EXPECT_EQ(project_.post(path_ + "/actions/retry").code(), "unsupported_error");
}

TEST_F(Certificates, AreFilteredUpdatedAndDeleted) {
    create(uploaded("web"));
    EXPECT_EQ(create(uploaded("web")).code(), "uniqueness_error");
    create(managed("other"));
    project_.let_actions_end();
    EXPECT_EQ(project_.get("/certificates?type=managed").body["certificates"].size(), 1U);
    EXPECT_EQ(project_.get("/certificates?type=managed&type=uploaded").body["certificates"].size(),
              2U);
    const Outcome changed =
        project_.call("PUT", path_, {{"name", "new"}, {"labels", {{"a", "b"}}}});
    EXPECT_EQ(changed.body["certificate"]["name"], "new");
    EXPECT_EQ(project_.get("/certificates?label_selector=a").body["certificates"].size(), 1U);
    EXPECT_EQ(project_.call("DELETE", path_).status, 204);
    EXPECT_EQ(project_.get(path_).status, 404);
}

}  // namespace
}  // namespace hcloud::sim
