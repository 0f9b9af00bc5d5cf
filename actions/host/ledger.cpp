#include "actions/host/ledger.h"

#include <cstdint>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::host {

namespace {

using nlohmann::json;

constexpr int kVersion = 1;
constexpr const char* kBootIdFile = "/proc/sys/kernel/random/boot_id";

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
    throw LedgerError(path + ": " + reason);
}

std::string boot_id() {
    const auto text = read_state_file(kBootIdFile);
    if (!text) refuse(kBootIdFile, "does not exist");
    return text->substr(0, text->find('\n'));
}

/// Reads the ledger's JSON; every complaint names the file and what was expected.
class Reader {
  public:
    explicit Reader(const std::string& path) : path_(path) {}

    std::vector<LedgerEntry> entries(const std::string& text, const std::string& this_boot) const {
        const json root = parse(text);
        if (!root.is_object()) refuse(path_, "expected a JSON object");
        const json& version = member(root, "version");
        if (version != kVersion)
            refuse(path_, fmt::format("expected \"version\" to be {}", kVersion));
        if (string(root, "boot_id", "") != this_boot) return {};
        const json& list = member(root, "entries");
        if (!list.is_array()) refuse(path_, "expected \"entries\" to be an array");
        std::vector<LedgerEntry> result;
        result.reserve(list.size());
        for (std::size_t i = 0; i < list.size(); ++i) {
            result.push_back(entry(list[i], fmt::format("entries[{}]: ", i)));
        }
        return result;
    }

  private:
    json parse(const std::string& text) const {
        try {
            return json::parse(text);
        } catch (const json::parse_error& error) {
            refuse(path_, fmt::format("is not JSON (at byte {})", error.byte));
        }
    }

    const json& member(const json& object, const char* name, const std::string& where = {}) const {
        const auto found = object.find(name);
        if (found == object.end()) refuse(path_, fmt::format("{}expected \"{}\"", where, name));
        return *found;
    }

    std::string string(const json& object, const char* name, const std::string& where) const {
        const json& value = member(object, name, where);
        if (!value.is_string()) {
            refuse(path_, fmt::format("{}expected \"{}\" to be a string", where, name));
        }
        return value.get<std::string>();
    }

    LedgerEntry entry(const json& value, const std::string& where) const {
        if (!value.is_object()) refuse(path_, where + "expected an object");
        const auto prefix = Prefix::parse(string(value, "prefix", where));
        if (!prefix) {
            refuse(path_, where + "expected \"prefix\" to be an address like \"10.0.0.3/32\"");
        }
        return {link(value, where), *prefix, string(value, "purpose", where)};
    }

    int link(const json& value, const std::string& where) const {
        const json& index = member(value, "link", where);
        constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<int>::max());
        if (!index.is_number_unsigned() || index.get<std::uint64_t>() > kMax) {
            refuse(path_, where + "expected \"link\" to be an interface index, or 0 for none");
        }
        return index.get<int>();
    }

    const std::string& path_;
};

std::string to_text(const std::vector<LedgerEntry>& entries, const std::string& this_boot) {
    json list = json::array();
    for (const auto& entry : entries) {
        auto& value = list.emplace_back(json::value_t::object);
        value["link"] = entry.link;
        value["prefix"] = entry.prefix.to_string();
        value["purpose"] = entry.purpose;
    }
    json root{{"version", kVersion}, {"boot_id", this_boot}};
    root["entries"] = std::move(list);
    // A purpose that is not UTF-8 must not cost us the entry.
    return root.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace

FileLedger::FileLedger(std::filesystem::path path) : path_(std::move(path)) {}

std::vector<LedgerEntry> FileLedger::load() {
    const std::string path = path_.string();
    const auto text = read_state_file(path);
    if (!text) return {};
    return Reader(path).entries(*text, boot_id());
}

void FileLedger::save(const std::vector<LedgerEntry>& entries) {
    // Not durable: the file is in /run and need not outlive the kernel.
    replace_state_file(path_.string(), to_text(entries, boot_id()), Durable::no);
}

}  // namespace hcloud::host
