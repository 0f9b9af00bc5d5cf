// A ledger that cannot be trusted is refused with the path and what was expected, never read in
// part.
#include "actions/host/ledger.h"
#include "tests/actions/host/values.h"
#include "tests/lab/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

namespace hcloud::host {
namespace {

std::string load_error(const std::string& file) {
    try {
        FileLedger(file).load();
    } catch (const LedgerError& error) {
        return error.what();
    }
    return "loaded";
}

struct Corrupt {
    const char* name;
    std::string text;  // BOOT stands for this boot's id
    std::string error;
};

void PrintTo(const Corrupt& test, std::ostream* out) {
    *out << test.name;
}

/// One good entry, then the given one.
std::string with_entry(const std::string& entry) {
    return R"({"version":1,"boot_id":"BOOT","entries":[{"link":3,"prefix":"10.0.0.3/32","purpose":"x"},)" +
           entry + "]}";
}

class CorruptLedger : public testing::TestWithParam<Corrupt> {};

TEST_P(CorruptLedger, is_refused) {
    const lab::TempDir directory;
    auto boot = lab::read_file("/proc/sys/kernel/random/boot_id");
    boot.pop_back();
    auto text = GetParam().text;
    if (const auto at = text.find("BOOT"); at != std::string::npos) text.replace(at, 4, boot);
    const auto file = directory.write("ledger.json", text);
    EXPECT_EQ(load_error(file), file + ": " + GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    All, CorruptLedger,
    testing::Values(
        Corrupt{"empty", "", "is not JSON (at byte 1)"},
        Corrupt{"cut_off", R"({"version":1,"boot_id")", "is not JSON (at byte 23)"},
        Corrupt{"not_utf8", "\"\xff\"", "is not JSON (at byte 2)"},
        Corrupt{"array", "[]", "expected a JSON object"},
        Corrupt{"no_version", R"({"boot_id":"BOOT","entries":[]})", R"(expected "version")"},
        Corrupt{"newer_version", R"({"version":2,"boot_id":"BOOT","entries":[]})",
                R"(expected "version" to be 1)"},
        Corrupt{"no_boot_id", R"({"version":1,"entries":[]})", R"(expected "boot_id")"},
        Corrupt{"boot_id_number", R"({"version":1,"boot_id":7,"entries":[]})",
                R"(expected "boot_id" to be a string)"},
        Corrupt{"no_entries", R"({"version":1,"boot_id":"BOOT"})", R"(expected "entries")"},
        Corrupt{"entries_object", R"({"version":1,"boot_id":"BOOT","entries":{}})",
                R"(expected "entries" to be an array)"},
        Corrupt{"entry_text", with_entry("\"10.0.0.4/32\""), "entries[1]: expected an object"},
        Corrupt{"no_prefix", with_entry(R"({"link":3,"purpose":"x"})"),
                R"(entries[1]: expected "prefix")"},
        Corrupt{"bad_prefix", with_entry(R"({"link":3,"prefix":"10.0.0.4/33","purpose":"x"})"),
                R"(entries[1]: expected "prefix" to be an address like "10.0.0.3/32")"},
        Corrupt{"no_link", with_entry(R"({"prefix":"10.0.0.4/32","purpose":"x"})"),
                R"(entries[1]: expected "link")"},
        Corrupt{"link_negative", with_entry(R"({"link":-3,"prefix":"10.0.0.4/32","purpose":"x"})"),
                R"(entries[1]: expected "link" to be an interface index, or 0 for none)"},
        Corrupt{"link_too_large",
                with_entry(R"({"link":4294967299,"prefix":"10.0.0.4/32","purpose":"x"})"),
                R"(entries[1]: expected "link" to be an interface index, or 0 for none)"},
        Corrupt{"link_text", with_entry(R"({"link":"3","prefix":"10.0.0.4/32","purpose":"x"})"),
                R"(entries[1]: expected "link" to be an interface index, or 0 for none)"},
        Corrupt{"purpose_null", with_entry(R"({"link":3,"prefix":"10.0.0.4/32","purpose":null})"),
                R"(entries[1]: expected "purpose" to be a string)"}),
    name_of<Corrupt>);

TEST(OddLedger, larger_than_the_limit_is_refused) {
    const lab::TempDir directory;
    const auto file = directory.path() + "/ledger.json";
    lab::run("truncate -s 17M " + file);
    EXPECT_EQ(load_error(file), file + ": is larger than 16777216 bytes");
}

TEST(OddLedger, pipe_in_its_place_does_not_stop_us) {
    const lab::TempDir directory;
    const auto file = directory.path() + "/ledger.json";
    ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
    EXPECT_EQ(load_error(file), file + ": is not a regular file");
}

TEST(OddLedger, directory_in_its_place_is_refused) {
    const lab::TempDir directory;
    EXPECT_EQ(load_error(directory.path()), directory.path() + ": is not a regular file");
}

TEST(OddLedger, path_through_a_file_is_refused) {
    const lab::TempDir directory;
    const auto file = directory.write("file", "") + "/ledger.json";
    EXPECT_EQ(load_error(file), file + ": cannot open: Not a directory");
}

}  // namespace
}  // namespace hcloud::host
