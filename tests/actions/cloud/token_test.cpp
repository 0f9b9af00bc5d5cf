// The token: what is accepted, and that nothing of it stays behind.
#include "actions/cloud/token.h"

#include <algorithm>
#include <new>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::cloud {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Token, TrimsWhatAFileEndsIn) {
    EXPECT_EQ(Token(" \tabc123\r\n").reveal(), "abc123");
}

TEST(Token, MayBeEmpty) {
    EXPECT_TRUE(Token().empty());
    EXPECT_TRUE(Token(" \n").empty());
    EXPECT_FALSE(Token("x").empty());
}

class RefusedToken : public testing::TestWithParam<std::string> {};

TEST_P(RefusedToken, IsNotQuotedInTheError) {
    try {
        const Token token(GetParam());
        FAIL() << "was accepted";
    } catch (const std::invalid_argument& error) {
        EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
    }
}

INSTANTIATE_TEST_SUITE_P(Texts, RefusedToken,
                         testing::Values("secret two", "secret\r\nX-Evil: 1", "secret\x01",
                                         "secret\xc3\xa4", std::string("secret\0x", 8)));

TEST(Token, WipesItsMemory) {
    const std::string text = "s3cr3t-t0ken";  // short enough to live inside the object
    alignas(Token) std::array<char, sizeof(Token)> memory{};
    auto* token = new (memory.data()) Token(text);
    const auto holds_text = [&] {
        return std::search(memory.begin(), memory.end(), text.begin(), text.end()) != memory.end();
    };
    ASSERT_TRUE(holds_text());
    token->~Token();
    EXPECT_FALSE(holds_text());
}

}  // namespace
}  // namespace hcloud::cloud
