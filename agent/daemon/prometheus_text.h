// Writes Prometheus's text format, version 0.0.4: families of samples, each with HELP and TYPE.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hcloud::agent {

class PrometheusText {
  public:
    enum class Type { counter, gauge };
    using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

    static constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// Begins a family: what sample() adds from here on belongs to it. Names are well-formed.
    void family(std::string_view name, Type type, std::string_view help);
    /// Label values may hold anything: what is not UTF-8 becomes U+FFFD, since Prometheus would
    /// refuse the whole text.
    void sample(const Labels& labels, std::int64_t value);

    const std::string& text() const { return text_; }

  private:
    std::string name_;
    std::string text_;
};

}  // namespace hcloud::agent
