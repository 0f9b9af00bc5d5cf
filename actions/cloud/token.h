// The API token. The only type that holds it, and it does not print.
#pragma once

#include <string>
#include <string_view>

namespace hcloud::cloud {

class Token {
  public:
    Token() = default;
    /// Trims surrounding white space; throws std::invalid_argument (without the text) if what
    /// remains is not printable ASCII without blanks, which would break the header it goes into.
    explicit Token(std::string_view text);
    ~Token();
    Token(const Token&) = default;
    Token& operator=(const Token&) = default;

    bool empty() const { return text_.empty(); }
    /// For the Authorization header only.
    const std::string& reveal() const { return text_; }

  private:
    std::string text_;
};

}  // namespace hcloud::cloud
