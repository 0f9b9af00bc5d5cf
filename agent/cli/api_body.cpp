#include "agent/cli/api_body.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

struct Source {
    std::string name;
    std::string text;
};

std::string read_all(std::istream& stream, const std::string& name) {
    std::ostringstream text;
    // Of an empty stream operator<< would say that it failed.
    if (stream.peek() != std::istream::traits_type::eof()) text << stream.rdbuf();
    if (stream.bad() || text.bad()) throw std::runtime_error(name + " cannot be read to its end");
    return text.str();
}

Source read_source(const std::string& data) {
    if (data == "-" || data == "@-")
        return {"standard input", read_all(std::cin, "standard input")};
    if (data.empty() || data.front() != '@') return {"-d", data};
    const std::string path = data.substr(1);
    std::ifstream file(path);
    if (!file) throw std::runtime_error(fmt::format("{}: {}", path, std::strerror(errno)));
    return {path, read_all(file, path)};
}

}  // namespace

nlohmann::json read_body(const std::string& data) {
    const auto [name, text] = read_source(data);
    try {
        return nlohmann::json::parse(text);
    } catch (const nlohmann::json::parse_error& error) {
        // "[json.exception.parse_error.101] parse error at line 1, column 2: …": the first word is
        // the library's business.
        const std::string what = error.what();
        throw std::runtime_error(
            fmt::format("{} is not JSON: {}", name, what.substr(what.find("] ") + 2)));
    }
}

}  // namespace hcloud::agent
