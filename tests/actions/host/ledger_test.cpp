// The ledger's file: what is saved is loaded again, replaced as a whole or not at all.
#include "actions/host/ledger.h"

#include "tests/lab/command.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sys/stat.h>

namespace hcloud::host {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class LedgerFile : public testing::Test {
  protected:
    static LedgerEntry entry(int link, std::string_view prefix,
                             const std::string& purpose = "alias") {
        return {link, Prefix::parse(prefix).value(), purpose};
    }

    static std::string saving_fails_with(const std::string& file,
                                         const std::vector<LedgerEntry>& entries) {
        try {
            FileLedger(file).save(entries);
        } catch (const LedgerError& error) {
            return error.what();
        }
        return "saved";
    }

    /// Mounts a tmpfs of its own on `directory`; gone with the test's mount namespace.
    static void mount_tmpfs(const std::string& directory, const std::string& options) {
        lab::run("mount -t tmpfs -o " + options + " tmpfs " + directory);
    }

    static std::vector<std::string> files_in(const std::string& directory) {
        std::vector<std::string> names;
        for (const auto& file : std::filesystem::directory_iterator(directory)) {
            names.push_back(file.path().filename());
        }
        return names;
    }

    static struct stat status_of(const std::string& file) {
        struct stat status {};
        EXPECT_EQ(stat(file.c_str(), &status), 0);
        return status;
    }

    const lab::TempDir directory_;
    const std::string file_ = directory_.path() + "/ledger.json";
    FileLedger ledger_{file_};
};

TEST_F(LedgerFile, missing_file_is_an_empty_ledger) {
    EXPECT_THAT(ledger_.load(), IsEmpty());
}

TEST_F(LedgerFile, what_is_saved_is_loaded_by_the_next_process) {
    const std::vector entries{entry(3, "10.0.0.3/32"), entry(2, "2001:db8::1/64", "floating"),
                              entry(3, "10.0.0.3/32", "a \"strange\"\npurpose")};
    ledger_.save(entries);
    EXPECT_EQ(FileLedger(file_).load(), entries);
    ledger_.save({});
    EXPECT_THAT(FileLedger(file_).load(), IsEmpty());
}

TEST_F(LedgerFile, is_the_documented_json) {
    ledger_.save({entry(3, "10.0.0.3/32")});
    auto boot = lab::read_file("/proc/sys/kernel/random/boot_id");
    boot.pop_back();
    EXPECT_EQ(nlohmann::json::parse(lab::read_file(file_)),
              (nlohmann::json{
                  {"version", 1},
                  {"boot_id", boot},
                  {"entries", {{{"link", 3}, {"prefix", "10.0.0.3/32"}, {"purpose", "alias"}}}}}));
}

TEST_F(LedgerFile, is_readable_by_its_owner_alone) {
    ledger_.save({});
    EXPECT_EQ(status_of(file_).st_mode & 07777, 0600U);
}

TEST_F(LedgerFile, of_an_earlier_boot_counts_as_empty) {
    directory_.write("ledger.json",
                     R"({"version":1,"boot_id":"11111111-2222-3333-4444-555555555555",
        "entries":[{"link":3,"prefix":"10.0.0.3/32","purpose":"alias"}]})");
    EXPECT_THAT(ledger_.load(), IsEmpty());
    ledger_.save({entry(4, "10.0.0.4/32")});
    EXPECT_EQ(ledger_.load(), std::vector{entry(4, "10.0.0.4/32")});
}

TEST_F(LedgerFile, same_content_is_not_written_again) {
    ledger_.save({entry(3, "10.0.0.3/32")});
    const auto before = status_of(file_);
    ledger_.save({entry(3, "10.0.0.3/32")});
    FileLedger(file_).save({entry(3, "10.0.0.3/32")});
    EXPECT_EQ(status_of(file_).st_ino, before.st_ino) << "a rename would show another inode";
    EXPECT_EQ(status_of(file_).st_mtim.tv_nsec, before.st_mtim.tv_nsec);
    ledger_.save({entry(4, "10.0.0.3/32")});
    EXPECT_NE(status_of(file_).st_ino, before.st_ino);
}

TEST_F(LedgerFile, is_written_again_after_somebody_removed_or_damaged_it) {
    ledger_.save({entry(3, "10.0.0.3/32")});
    std::filesystem::remove(file_);
    ledger_.save({entry(3, "10.0.0.3/32")});
    EXPECT_EQ(ledger_.load(), std::vector{entry(3, "10.0.0.3/32")});
    directory_.write("ledger.json", "{");
    ledger_.save({entry(3, "10.0.0.3/32")});
    EXPECT_EQ(ledger_.load(), std::vector{entry(3, "10.0.0.3/32")});
}

TEST_F(LedgerFile, leaves_no_other_file_behind) {
    ledger_.save({entry(3, "10.0.0.3/32")});
    ledger_.save({entry(4, "10.0.0.3/32")});
    EXPECT_THAT(files_in(directory_.path()), testing::ElementsAre("ledger.json"));
}

TEST_F(LedgerFile, missing_directory_is_named) {
    const auto file = directory_.path() + "/missing/ledger.json";
    EXPECT_THAT(saving_fails_with(file, {}),
                testing::AllOf(HasSubstr(file), HasSubstr("No such file or directory")));
}

TEST_F(LedgerFile, read_only_directory_is_named) {
    mount_tmpfs(directory_.path(), "ro");
    EXPECT_THAT(saving_fails_with(file_, {entry(3, "10.0.0.3/32")}),
                testing::AllOf(HasSubstr(file_), HasSubstr("Read-only file system")));
    lab::run("umount " + directory_.path());
}

TEST_F(LedgerFile, full_disk_keeps_the_old_ledger_and_leaves_nothing_behind) {
    mount_tmpfs(directory_.path(), "size=16k");
    const std::vector old{entry(3, "10.0.0.3/32")};
    ledger_.save(old);
    const std::vector many(5000, entry(3, "10.0.0.4/32"));
    EXPECT_THAT(saving_fails_with(file_, many),
                testing::AllOf(HasSubstr(file_), HasSubstr("No space left")));
    EXPECT_EQ(ledger_.load(), old);
    EXPECT_THAT(files_in(directory_.path()), testing::ElementsAre("ledger.json"));
    lab::run("umount " + directory_.path());
}

TEST_F(LedgerFile, a_directory_in_its_place_is_named_and_nothing_left_behind) {
    directory_.write("ledger.json/something", "");
    EXPECT_THAT(saving_fails_with(file_, {}), HasSubstr(file_ + ": cannot replace"));
    EXPECT_THAT(files_in(directory_.path()), testing::ElementsAre("ledger.json"));
}

TEST_F(LedgerFile, holds_more_than_any_server_has) {
    std::vector<LedgerEntry> entries;
    for (int i = 0; i < 10'000; ++i) {
        entries.push_back(
            entry(3, "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250)));
    }
    ledger_.save(entries);
    EXPECT_EQ(ledger_.load(), entries);
}

TEST_F(LedgerFile, larger_than_could_be_loaded_is_not_saved) {
    EXPECT_THAT(saving_fails_with(file_, {entry(3, "10.0.0.3/32", std::string(17 << 20, 'x'))}),
                HasSubstr("larger than 16777216 bytes"));
    EXPECT_FALSE(std::filesystem::exists(file_));
}

}  // namespace
}  // namespace hcloud::host
