// What the service manager hands over: credentials, and whether stderr leads to the journal.
#include "systemd/notify.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace hcloud::sd {
namespace {

TEST(Credential, IsAFileInTheDirectoryThatTheManagerNames) {
    const auto directory = std::filesystem::temp_directory_path() / "hcloud-credential-test";
    std::filesystem::create_directories(directory);
    std::ofstream(directory / "hcloud-token") << "x";
    setenv("CREDENTIALS_DIRECTORY", directory.c_str(), 1);
    EXPECT_EQ(credential("hcloud-token"), directory / "hcloud-token");
    EXPECT_EQ(credential("other"), std::nullopt);
    unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_EQ(credential("hcloud-token"), std::nullopt);
    std::filesystem::remove_all(directory);
}

TEST(UnderJournal, ComparesTheStreamWithStderr) {
    unsetenv("JOURNAL_STREAM");
    EXPECT_FALSE(under_journal());
    setenv("JOURNAL_STREAM", "1:2", 1);  // somebody else's: inherited, but stderr was redirected
    EXPECT_FALSE(under_journal());
    unsetenv("JOURNAL_STREAM");
}

}  // namespace
}  // namespace hcloud::sd
