#include "agent/doctor/doctor.h"

#include "agent/doctor/examination.h"

#include <fmt/format.h>

namespace hcloud::agent::doctor {

namespace {

Findings judge(const ConfigError& error) {
    Findings findings;
    for (const auto& problem : error.problems()) {
        findings.push_back({"config-bad", Severity::error, problem.to_string(),
                            "with a bad configuration the agent does not start; one that runs "
                            "keeps the old one",
                            "mend the line, then: hcloud-agent config check"});
    }
    return findings;
}

}  // namespace

Findings examine(const Options& options, host::Network& network) {
    Findings all;
    Examination examination(options, network);
    try {
        examination.look_at_agent();
        examination.look(options.config());
        all.push_back(fine("config", "the configuration is good"));
        append(all, examination.service());
        append(all, examination.identity());
        append(all, examination.sources());
        append(all, examination.host());
    } catch (const ConfigError& error) {
        // What the rest would be judged by is not known.
        append(all, judge(error));
        append(all, examination.service());
    }
    append(all, examination.not_seen());
    return all;
}

}  // namespace hcloud::agent::doctor
