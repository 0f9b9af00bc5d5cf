#include "tests/lab/places.h"

#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::lab {
namespace {

class Places : public testing::Test {
  protected:
    void SetUp() override {
        unsetenv("HCLOUD_SOURCE_DIR");
        unsetenv("HCLOUD_SIMULATOR");
    }
};

TEST_F(Places, TheCheckoutIsTheOneThatTheBuildFolderWasMadeFrom) {
    EXPECT_TRUE(std::filesystem::exists(in_source("tests/lab/places_test.cpp")));
}

TEST_F(Places, TheEnvironmentNamesAnotherCheckout) {
    setenv("HCLOUD_SOURCE_DIR", "/src/agent", 1);
    EXPECT_EQ(in_source("tests/lab"), "/src/agent/tests/lab");
}

TEST_F(Places, ProgramsAreBesideTheRunningOne) {
    EXPECT_TRUE(std::filesystem::exists(program("places_test")));
    EXPECT_EQ(std::filesystem::path(program("hcloud-simulator")).parent_path(),
              std::filesystem::path(program("places_test")).parent_path());
}

TEST_F(Places, TheEnvironmentNamesAnotherSimulatorAndNothingElse) {
    setenv("HCLOUD_SIMULATOR", "/other/hcloud-simulator", 1);
    EXPECT_EQ(program("hcloud-simulator"), "/other/hcloud-simulator");
    EXPECT_NE(program("hcloud-agent"), "/other/hcloud-simulator");
}

}  // namespace
}  // namespace hcloud::lab
