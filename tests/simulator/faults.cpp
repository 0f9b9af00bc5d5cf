#include "tests/simulator/faults.h"

#include "tests/simulator/state/object_reader.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

const json::json_pointer kWhole;  // errors name the key alone
constexpr std::int64_t kMaxBytes = 256LL * 1024 * 1024;
const std::vector<std::string> kKinds{"status", "delay", "hang",    "truncate", "body",
                                      "size",   "reset", "trickle", "patch"};

std::size_t read_bytes(ObjectReader& reader, const std::string& key) {
    const std::int64_t bytes = reader.integer(key).value_or(0);
    if (bytes < 0 || bytes > kMaxBytes) reader.fail(key, fmt::format("must be 0 to {}", kMaxBytes));
    return static_cast<std::size_t>(bytes);
}

void read_true(ObjectReader& reader, const std::string& key) {
    const json* const value = reader.find(key);
    if (value == nullptr || *value != true) reader.fail(key, "can only be true");
}

/// "body" goes with "status"; otherwise exactly one of the kinds is there.
std::string kind_of(const json& order) {
    std::string found;
    for (const std::string& kind : kKinds) {
        if (!order.contains(kind) || (kind == "body" && found == "status")) continue;
        if (!found.empty()) {
            throw StateError(kWhole, fmt::format("'{}' and '{}' exclude each other", found, kind));
        }
        found = kind;
    }
    if (found.empty())
        throw StateError(kWhole, fmt::format("needs one of {}", fmt::join(kKinds, ", ")));
    return found;
}

void read_answer(ObjectReader& reader, const std::string& kind, Fault& fault) {
    fault.kind = FaultKind::answer;
    fault.answer = text_response(200, "");
    if (kind == "size") {
        fault.answer.body.assign(read_bytes(reader, "size"), 'x');
        return;
    }
    const std::int64_t status = reader.integer("status").value_or(200);
    if (status < 200 || status > 599) reader.fail("status", "must be 200 to 599");
    fault.answer.status = static_cast<int>(status);
    fault.answer.body = reader.text("body", "");
    fault.answer.content_type = reader.text("content_type", fault.answer.content_type);
}

void read_kind(ObjectReader& reader, const std::string& kind, Fault& fault) {
    if (kind == "delay" || kind == "trickle") {
        fault.kind = kind == "delay" ? FaultKind::delay : FaultKind::trickle;
        fault.interval = reader.duration(kind, {});
    } else if (kind == "truncate") {
        fault.kind = FaultKind::truncate;
        fault.bytes = read_bytes(reader, kind);
    } else if (kind == "hang" || kind == "reset") {
        fault.kind = kind == "hang" ? FaultKind::hang : FaultKind::reset;
        read_true(reader, kind);
    } else if (kind == "patch") {
        fault.kind = FaultKind::patch;
        fault.patch = *reader.find(kind);
        if (!fault.patch.is_object()) reader.fail(kind, "must be a mapping");
    } else {
        read_answer(reader, kind, fault);
    }
}

struct Order {
    std::shared_ptr<Fault> fault;
    std::optional<std::int64_t> count;
    std::int64_t skip = 0;
};

Order read_order(const json& order) {
    ObjectReader reader(order, kWhole);
    auto fault = std::make_shared<Fault>();
    fault->order = order;
    fault->path = reader.required_text("path");
    fault->prefix = !fault->path.empty() && fault->path.back() == '*';
    if (fault->prefix) fault->path.pop_back();
    fault->method = reader.text("method", "");
    const auto count = reader.integer("count");
    if (count && *count < 1) reader.fail("count", "must be at least 1");
    const std::int64_t skip = reader.integer("skip").value_or(0);
    if (skip < 0) reader.fail("skip", "must not be negative");
    read_kind(reader, kind_of(order), *fault);
    reader.finish();
    return {fault, count, skip};
}

bool matches(const Fault& fault, const std::string& method, const std::string& path) {
    if (!fault.method.empty() && fault.method != method) return false;
    return fault.prefix ? path.compare(0, fault.path.size(), fault.path) == 0 : path == fault.path;
}

}  // namespace

std::int64_t FaultBook::add(const json& order) {
    try {
        const auto [fault, count, skip] = read_order(order);
        const std::lock_guard lock(mutex_);
        fault->id = next_id_++;
        entries_.push_back({fault, count, skip});
        return fault->id;
    } catch (const StateError& error) {
        throw ApiError(422, "invalid_input", fmt::format("bad fault: {}", error.what()));
    }
}

std::shared_ptr<const Fault> FaultBook::match(const std::string& method, const std::string& path) {
    const std::lock_guard lock(mutex_);
    Entry* chosen = nullptr;
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
        if (!matches(*entry->fault, method, path)) continue;
        if (entry->skip > 0) {
            --entry->skip;
        } else if (chosen == nullptr && entry->left != 0) {
            chosen = &*entry;
        }
    }
    if (chosen == nullptr) return nullptr;
    if (chosen->left) --*chosen->left;
    return chosen->fault;
}

bool FaultBook::remove(std::int64_t id) {
    const std::lock_guard lock(mutex_);
    const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& candidate) {
        return candidate.fault->id == id;
    });
    if (entry == entries_.end()) return false;
    entry->fault->removed.set();
    entries_.erase(entry);
    return true;
}

void FaultBook::clear() {
    const std::lock_guard lock(mutex_);
    for (const Entry& entry : entries_)
        entry.fault->removed.set();
    entries_.clear();
}

json FaultBook::list() const {
    const std::lock_guard lock(mutex_);
    json list = json::array();
    for (const Entry& entry : entries_) {
        json item = entry.fault->order;
        item["id"] = entry.fault->id;
        item["left"] = entry.left ? json(*entry.left) : json(nullptr);
        if (entry.fault->order.contains("skip")) item["skip"] = entry.skip;
        list.push_back(item);
    }
    return list;
}

}  // namespace hcloud::sim
