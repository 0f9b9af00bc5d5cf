// The part of an Examination that looks at the service: unit, running agent, and what was hidden.
#include "agent/daemon/control_socket.h"
#include "agent/doctor/examination.h"
#include "agent/doctor/program.h"
#include "agent/version.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent::doctor {

namespace {

/// But for the pin of metadata's route, which is no address's; judge(MetadataFacts) tells of it.
std::size_t missing_in(const AddressFacts& facts) {
    return static_cast<std::size_t>(
        std::count_if(facts.plan.items.begin(), facts.plan.items.end(), [](const Item& item) {
            const bool pin = item.what.find("169.254.169.254") != std::string::npos;
            return item.state == ItemState::missing && !pin;
        }));
}

}  // namespace

void Examination::look_at_agent() {
    daemon_.our_version = kVersion;
    try {
        const auto status =
            ask_control_socket(control_socket_in(options_.runtime_dir), "/v1/status");
        read_status(status, daemon_);
        addresses_.contested = contested_items(status);
        addresses_.left_to_dhcp = items_left_to_dhcp(status);
        daemon_.answer = DaemonFacts::Answer::yes;
    } catch (const std::system_error& error) {
        daemon_.answer = DaemonFacts::Answer::refused;
        daemon_.problem = error.what();
    } catch (const NotRunning& error) {
        daemon_.answer = DaemonFacts::Answer::not_running;
        daemon_.problem = error.what();
    } catch (const std::runtime_error& error) {
        // It listens, and says something else: busy, or of another version.
        daemon_.version = daemon_.our_version;
        daemon_.host_problems.emplace_back(error.what());
    }
    addresses_.agent_runs = daemon_.answer != DaemonFacts::Answer::not_running;
}

UnitFacts Examination::unit() {
    UnitFacts facts;
    facts.systemd = view_.exists("/run/systemd/system");
    if (!facts.systemd) return facts;
    const auto output =
        run_program({options_.systemctl, "show", "-p", unit_properties(), "hcloud-agent.service"});
    if (output.exit_code == 0) facts.properties = parse_properties(output.text);
    return facts;
}

Findings Examination::service() {
    const auto unit_facts = unit();
    daemon_.unit_failure = failure_of(unit_facts);
    daemon_.missing = missing_in(addresses_);
    daemon_.metadata_is_well = !any_wrong(metadata_findings_) && is_us();
    daemon_.api_is_well = !any_wrong(api_findings_);
    const bool proves = identity_.verify != VerifyBy::dmi || compares();
    daemon_.may_register =
        !token_.empty() && api_.facts.kind != TokenKind::read_only && is_us() && proves;
    auto findings = judge(unit_facts);
    append(findings, judge(daemon_));
    return findings;
}

Findings Examination::not_seen() const {
    if (view_.refused().empty()) return {};
    return {{"not-seen", Severity::note,
             fmt::format("not for us to read: {}", fmt::join(view_.refused(), ", ")),
             "what is in there was not looked at", "sudo hcloud-agent doctor"}};
}

}  // namespace hcloud::agent::doctor
