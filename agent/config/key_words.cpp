// What each type of key accepts, in words.
#include "agent/config/keys.h"

#include <fmt/format.h>

namespace hcloud::agent::config {

namespace {

std::string expected_of(const Duration&) {
    return "a duration such as 10s or 500ms";
}
std::string expected_of(const Percent& type) {
    return fmt::format("a share from {}% to {}%", type.min, type.max);
}
std::string expected_of(const Endpoint& type) {
    return std::string(type.scheme);
}
std::string expected_of(const Path& type) {
    return "an absolute path such as " + std::string(type.example);
}
std::string expected_of(const Boolean&) {
    return "true or false";
}
std::string expected_of(const Choice& type) {
    return one_of(type.words);
}

std::string expected_of(const FloatingList& type) {
    auto kinds = type.words;
    kinds.push_back("a list of addresses");
    return one_of(kinds);
}

std::string expected_of(const Listen& type) {
    auto kinds = type.words;
    kinds.push_back("a loopback address with a port");
    return one_of(kinds);
}

std::string expected_of(const UserList&) {
    return "a list of users such as [www-data, 1000]";
}
std::string expected_of(const Name&) {
    return "a name or an id";
}
std::string expected_of(const HostName& type) {
    return "a host name such as " + std::string(type.example);
}
std::string expected_of(const PrivateIp&) {
    return "a private IPv4 address such as 10.0.0.2";
}
std::string expected_of(const PrivateIps&) {
    return "a list of private IPv4 addresses such as [10.0.0.100]";
}
std::string expected_of(const NameList& type) {
    return fmt::format("a list of {}s such as {}", type.one, type.example);
}
std::string expected_of(const LabelMap& type) {
    return "labels such as " + std::string(type.example);
}
std::string expected_of(const RecordList& type) {
    return fmt::format("a list of {}s such as {}", type.one, type.example);
}

template <typename T>
std::string accepted_of(const T& type) {
    return expected_of(type);
}

std::string accepted_of(const Duration& type) {
    return "a duration from " + to_text(type.min) + " to " + to_text(type.max);
}

template <typename T>
concept Bounded = requires(const T& type) {
    type.most;
};

template <Bounded T>
std::string accepted_of(const T& type) {
    return fmt::format("a list of at most {} {}s such as {}", type.most, type.one, type.example);
}

template <typename T>
std::string_view example_of(const T& type) {
    if constexpr (requires { type.example; }) return type.example;
    return {};
}

}  // namespace

std::string expected(const Type& type) {
    return std::visit([](const auto& kind) { return expected_of(kind); }, type);
}

std::string accepted(const Type& type) {
    return std::visit([](const auto& kind) { return accepted_of(kind); }, type);
}

std::string_view example(const Type& type) {
    return std::visit([](const auto& kind) { return example_of(kind); }, type);
}

}  // namespace hcloud::agent::config
