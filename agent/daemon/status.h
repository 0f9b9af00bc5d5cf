// What `hcloud-agent status` shows: a value, as JSON (the stable form, which
// packaging/status.schema.json describes) and for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace hcloud::agent {

struct Status {
    struct Source {
        std::string state;                        // "ok", "failing", "not asked yet", "not asked"
        std::optional<std::int64_t> age_seconds;  // since the latest good round
        std::vector<std::string> problems;
        std::int64_t rounds = 0;  // of questions, good and bad
        std::int64_t failed_rounds = 0;
    };
    struct Registration {
        std::string state = "off";  // Registration::state()
        bool health_known = true;   // that of this server behind its load balancers
        std::vector<std::string> problems;
    };
    struct Item {
        std::string kind;  // "private", "alias", "floating", "route", "label", "firewall", …
        std::string what;
        std::string link;
        std::string state;  // to_string(ItemState), or "contested"
        std::string note;
    };

    std::string version;
    std::int64_t started_at = 0;  // seconds since 1970
    std::string state;            // "converged", "converging", "frozen"
    std::string identity;
    std::string server_name;
    std::int64_t server_id = 0;  // 0: not known yet
    Source metadata;
    Source api;
    std::optional<std::int64_t> api_interval_seconds;  // if it is asked
    std::optional<std::int64_t> rate_limit;
    std::optional<std::int64_t> rate_remaining;
    Registration registration;
    std::vector<Item> items;
    std::vector<std::string> problems;  // of the host: refused changes, ledger
    std::int64_t cycles = 0;
    std::int64_t changes = 0;
    std::int64_t repairs = 0;
    std::int64_t failures = 0;
};

nlohmann::json to_json(const Status& status);

/// For a terminal, from the JSON form: the command that prints it speaks to a daemon of any
/// version.
std::string to_text(const nlohmann::json& status);

/// One line, for sd_notify's STATUS and the log.
std::string summary(const Status& status);

}  // namespace hcloud::agent
