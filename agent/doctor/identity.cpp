#include "agent/doctor/identity.h"

#include <fmt/format.h>

namespace hcloud::agent::doctor {

namespace {

void judge_vendor(const IdentityFacts& facts, Findings& findings) {
    constexpr const char* kVendor = "Hetzner";  // FACTS: sys_vendor of every cloud server
    if (!facts.vendor || *facts.vendor == kVendor) return;
    findings.push_back({"not-hetzner", Severity::warning,
                        fmt::format("DMI says that this machine is made by '{}'", *facts.vendor),
                        "the agent is for servers of the Hetzner Cloud; elsewhere nothing it is "
                        "told is about this machine",
                        "remove it here: systemctl disable --now hcloud-agent"});
}

Finding mismatch(const IdentityFacts& facts) {
    return {"identity-mismatch", Severity::error,
            fmt::format("this is server {} (DMI serial), but metadata answers for server {}",
                        *facts.serial, *facts.instance_id),
            "metadata knows who asks by the path of the question: through somebody's NAT gateway "
            "it answers for the gateway. The agent changes nothing until that is mended",
            "look where it goes: ip route get 169.254.169.254; it has to leave through the public "
            "NIC (network.pin_metadata_route) or straight into the private network, not through a "
            "NAT"};
}

Finding unproven(const IdentityFacts& facts) {
    const std::string why =
        "without a serial to compare with, an answer meant for a NAT gateway is taken for ours";
    if (facts.serial_refused) {
        return {"identity-unproven", Severity::note,
                "the DMI serial can only be read by root, so the identity was not compared", why,
                "sudo hcloud-agent doctor"};
    }
    return {"identity-unproven", Severity::warning, "DMI tells no server id", why,
            "set identity.verify: metadata if metadata may be believed here"};
}

}  // namespace

Findings judge(const IdentityFacts& facts) {
    Findings findings;
    judge_vendor(facts, findings);
    if (facts.verify == VerifyBy::metadata) {
        findings.push_back(fine("identity", "metadata is believed, as identity.verify wants it"));
    } else if (!facts.serial) {
        findings.push_back(unproven(facts));
    } else if (facts.instance_id && *facts.instance_id != *facts.serial) {
        findings.push_back(mismatch(facts));
    } else if (facts.instance_id) {
        findings.push_back(
            fine("identity",
                 fmt::format("this is server {}, says DMI and says metadata", *facts.serial)));
    }
    return findings;
}

}  // namespace hcloud::agent::doctor
