// What the end-to-end tests share: a Server, and a check at the end that nothing of others was
// touched.
#pragma once

#include "tests/lab/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::agent {

class ServerTest : public testing::Test {
  protected:
    void TearDown() override {
        EXPECT_TRUE(lab::Server::foreign_intact())
            << lab::run("ip addr; ip route; ip -6 route") << "\nthe agent's log:\n"
            << (started_ ? server_.log() : "");
    }
    void start() {
        server_.start_agent();
        started_ = true;
        ASSERT_TRUE(lab::Server::complete()) << lab::run("ip addr; ip route") << server_.log();
    }
    testing::AssertionResult comes_back() {
        if (lab::wait_until(lab::Server::complete)) return testing::AssertionSuccess();
        return testing::AssertionFailure() << lab::run("ip addr; ip route") << server_.log();
    }

    lab::Server server_;
    bool started_ = false;
};

}  // namespace hcloud::agent
