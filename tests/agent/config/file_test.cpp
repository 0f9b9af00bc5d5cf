// Reading the file: what is said of one that is missing, unreadable or not a small regular file.
#include "agent/config/file.h"

#include "agent/config/load.h"
#include "tests/lab/command.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

namespace hcloud::agent {
namespace {

class ConfigFile : public testing::Test {
  protected:
    std::string path(const std::string& name) const { return directory_.path() + "/" + name; }

    /// What load_config() says, with the path replaced by FILE; "accepted" if it says nothing.
    static std::string problems_of(const std::string& file,
                                   IfMissing if_missing = IfMissing::fail) {
        try {
            load_config(file, if_missing);
        } catch (const ConfigError& error) {
            std::string text = error.what();
            if (text.starts_with(file)) text.replace(0, file.size(), "FILE");
            return text;
        }
        return "accepted";
    }

    lab::TempDir directory_;
};

TEST_F(ConfigFile, isRead) {
    const auto file = directory_.write("c.yaml", "identity: {verify: metadata}\n");
    EXPECT_EQ(load_config(file).identity.verify, VerifyBy::metadata);
}

TEST_F(ConfigFile, isReadThroughALink) {
    std::filesystem::create_symlink(directory_.write("c.yaml", "identity: {verify: metadata}\n"),
                                    path("link"));
    EXPECT_EQ(load_config(path("link")).identity.verify, VerifyBy::metadata);
}

TEST_F(ConfigFile, isNamedInProblems) {
    EXPECT_EQ(problems_of(directory_.write("c.yaml", "\napi: {x: 1}\n")),
              "FILE:2:7: api.x: unknown key; known here: endpoint, token_file, ca_file, interval, "
              "reserve");
}

TEST_F(ConfigFile, emptyMeansDefaults) {
    EXPECT_EQ(load_config(directory_.write("c.yaml", "")), Config{});
}

TEST_F(ConfigFile, missingIsAProblem) {
    EXPECT_EQ(problems_of(path("none")),
              "FILE: expected a file, got nothing of that name; create it (an empty one means all "
              "defaults) or name "
              "another with --config");
}

TEST_F(ConfigFile, missingMayMeanDefaults) {
    EXPECT_EQ(load_config(path("none"), IfMissing::defaults), Config{});
}

TEST_F(ConfigFile, danglingLinkIsNotMissing) {
    std::filesystem::create_symlink(path("none"), path("link"));
    EXPECT_EQ(problems_of(path("link"), IfMissing::defaults),
              "FILE: cannot open: No such file or directory; this is a symbolic link to a file "
              "that is not there: "
              "mend or remove the link");
}

TEST_F(ConfigFile, linkLoopIsNotMissing) {
    std::filesystem::create_symlink(path("a"), path("b"));
    std::filesystem::create_symlink(path("b"), path("a"));
    EXPECT_EQ(
        problems_of(path("a"), IfMissing::defaults),
        "FILE: cannot open: Too many levels of symbolic links; check that this is the right file");
}

TEST_F(ConfigFile, fileInPlaceOfADirectoryIsNotMissing) {
    const auto file = directory_.write("c.yaml", "");
    EXPECT_EQ(problems_of(file + "/c.yaml", IfMissing::defaults),
              "FILE: cannot open: Not a directory; check that this is the right file");
}

TEST_F(ConfigFile, directoryIsRefused) {
    EXPECT_EQ(problems_of(directory_.path(), IfMissing::defaults),
              "FILE: expected a regular file, got a directory; name the configuration file itself");
}

TEST_F(ConfigFile, pipeIsRefusedAndDoesNotBlock) {
    ASSERT_EQ(mkfifo(path("fifo").c_str(), 0600), 0);
    EXPECT_EQ(problems_of(path("fifo")),
              "FILE: expected a regular file, got a device, pipe or socket; name the configuration "
              "file itself");
}

TEST_F(ConfigFile, sizeIsBounded) {
    const std::string filler(config::kMaxFileSize, '#');
    EXPECT_EQ(problems_of(directory_.write("c.yaml", filler)), "accepted");
    EXPECT_EQ(problems_of(directory_.write("c.yaml", filler + "#")),
              "FILE: expected at most 1 MiB, got more; check that this is the right file");
}

/// As a user without rights, if the tests run as root, who may read everything.
class Unprivileged {
  public:
    Unprivileged() {
        if (geteuid() == 0 && seteuid(65534) != 0) ADD_FAILURE() << "seteuid failed";
    }
    ~Unprivileged() {
        if (getuid() == 0 && seteuid(0) != 0) ADD_FAILURE() << "seteuid back failed";
    }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;
};

TEST_F(ConfigFile, unreadableNamesTheReasonAndTheRemedy) {
    const auto file = directory_.write("c.yaml", "");
    std::filesystem::permissions(file, std::filesystem::perms::none);
    const Unprivileged user;
    EXPECT_EQ(problems_of(file, IfMissing::defaults),
              "FILE: cannot open: Permission denied; run as root, or check the permissions of the "
              "file and of the "
              "directories above it");
}

}  // namespace
}  // namespace hcloud::agent
