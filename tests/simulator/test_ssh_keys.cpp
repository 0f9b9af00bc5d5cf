// SSH keys: what is one, its fingerprint, and that each is there once.
#include "tests/simulator/state/ssh_key.h"
#include "tests/simulator/test_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::Outcome;
using test::Project;
using testing::ElementsAre;

// Made with ssh-keygen, as are the fingerprints (ssh-keygen -E md5 -lf).
const char* const kEd25519 =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGthvBlmxlucqWpIJqpkzvMTQM2ry8Up5R0LrVOYHX+J "
    "one@example.com";
const char* const kEd25519Print = "39:51:07:a2:92:f2:27:5f:98:33:c1:e0:47:98:33:cc";
const char* const kRsa =
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC9XJuaPfTmtNVr5FokYb75pswbLprXJxcrBMbEdoVDUqVUby23nHEjkM"
    "CGPrI8raVTF05REGcWf0HHzW3bJTC9ygKG1owv3RQS/"
    "Jo5VCn/6gOylt9k79iihdhpkddQY50jG1NN3rT+81VmMORjTz3JtuhAMMtH4xrVl23ru1CH1w==";
const char* const kEcdsa =
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEPyjI7zsbpI4RXkImoQVV"
    "k88L6FbrMKB6fs/6zSqVrVs5t+j11UKYHqZ+PCw+oKqezfsgKiCJNXqznCzAfOZsg=";

TEST(SshFingerprint, IsThatOfSshKeygen) {
    EXPECT_EQ(ssh_fingerprint(kEd25519), kEd25519Print);
    EXPECT_EQ(ssh_fingerprint(kRsa), "7a:42:bc:37:69:b7:7d:99:53:aa:08:93:29:21:30:6d");
    EXPECT_EQ(ssh_fingerprint(kEcdsa), "81:a9:ce:4d:5c:3a:fa:59:49:f3:8a:17:30:59:aa:b2");
}

class NoSshKey : public testing::TestWithParam<const char*> {};

TEST_P(NoSshKey, IsRefused) {
    EXPECT_EQ(ssh_fingerprint(GetParam()), std::nullopt);
    Project project{State()};
    const Outcome refused =
        project.post("/ssh_keys", {{"name", "bad"}, {"public_key", GetParam()}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "invalid_input");
    EXPECT_THAT(refused.fields(), ElementsAre("public_key"));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, NoSshKey,
    testing::Values(
        "", "ssh-ed25519", "ssh-rsa AAAAjjk76kgf...Xt", "ssh-rsa AAAA",
        // another type than it says
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIGthvBlmxlucqWpIJqpkzvMTQM2ry8Up5R0LrVOYHX+J",
        // cut short
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGthvBlmxlucqWpIJqpkzvMTQM2ry8Up5R0LrVOY",
        "ssh-magic AAAAC3NzaC1lZDI1NTE5AAAAIGthvBlmxlucqWpIJqpkzvMTQM2ry8Up5R0LrVOYHX+J",
        "-----BEGIN OPENSSH PRIVATE KEY-----"));

class SshKeys : public testing::Test {
  protected:
    Outcome create(const std::string& name, const std::string& key) {
        return project_.post("/ssh_keys", {{"name", name}, {"public_key", key}});
    }

    Project project_{State()};
};

TEST_F(SshKeys, AreCreatedAndFoundByFingerprintAndName) {
    const Outcome made = create("mine", kEd25519);
    ASSERT_EQ(made.status, 201) << made.body;
    const json key = made.body["ssh_key"];
    EXPECT_EQ(key["fingerprint"], kEd25519Print);
    EXPECT_EQ(key["public_key"], kEd25519);
    EXPECT_EQ(create("other", kRsa).status, 201);
    for (const std::string& query :
         {std::string("fingerprint=") + kEd25519Print, std::string("name=mine"),
          std::string("sort=name&per_page=1")}) {
        EXPECT_EQ(project_.get("/ssh_keys?" + query).body["ssh_keys"], json::array({key})) << query;
    }
    EXPECT_EQ(project_.get("/ssh_keys?sort=created").code(), "invalid_input");
}

TEST_F(SshKeys, AreThereOnceWhateverTheComment) {
    create("mine", kEd25519);
    const std::string same = std::string(kEd25519) + " again";
    const Outcome refused = create("other", same);
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.body["error"], json::parse(R"({
        "code": "uniqueness_error",
        "message": "SSH key with the same fingerprint already exists",
        "details": {"fields": [{"name": "public_key"}]}})"));
    const Outcome taken = create("mine", kRsa);
    EXPECT_EQ(taken.code(), "uniqueness_error");
    EXPECT_THAT(taken.fields(), ElementsAre("name"));
}

TEST_F(SshKeys, AreRenamedLabelledAndDeleted) {
    const std::string path = "/ssh_keys/" + create("mine", kEd25519).body["ssh_key"]["id"].dump();
    const Outcome changed = project_.call("PUT", path, {{"name", "new"}, {"labels", {{"a", "b"}}}});
    EXPECT_EQ(changed.body["ssh_key"]["name"], "new");
    EXPECT_EQ(changed.body["ssh_key"]["labels"], json({{"a", "b"}}));
    EXPECT_EQ(project_.call("DELETE", path).status, 204);
    EXPECT_EQ(project_.get(path).status, 404);
    EXPECT_EQ(create("mine", kEd25519).status, 201) << "its fingerprint is free again";
}

}  // namespace
}  // namespace hcloud::sim
