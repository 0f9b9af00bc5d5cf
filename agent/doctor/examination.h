// One run of doctor: reads the facts once, and hands them to the judges.
#pragma once

#include "agent/doctor/addresses.h"
#include "agent/doctor/api_look.h"
#include "agent/doctor/daemon.h"
#include "agent/doctor/doctor.h"
#include "agent/doctor/identity.h"
#include "agent/doctor/metadata.h"
#include "agent/doctor/token.h"
#include "agent/doctor/unit.h"
#include "agent/doctor/view.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::agent::doctor {

class Examination {
  public:
    Examination(const Options& options, host::Network& network);

    void look_at_agent();  // first of all
    /// Asks metadata, API and kernel. What the functions below tell comes from there; service()
    /// and not_seen() tell something without it, too.
    void look(const Config& config);

    Findings service();
    Findings identity() const { return judge(identity_); }
    Findings sources() const;
    Findings host();
    Findings not_seen() const;

  private:
    bool compares() const;  // metadata's instance-id, with the serial number
    bool is_us() const;
    void look_at_identity();
    void look_at_token();
    void look_at_api();
    void look_at_addresses();
    void look_at_metadata_route();
    void look_at_guard(MetadataFacts& facts);
    UnitFacts unit();
    Answering answering(const std::string& link);

    const Options& options_;
    host::Network& network_;
    View view_;
    Config config_;
    std::optional<MetadataAnswers> metadata_;
    IdentityFacts identity_;
    TokenFacts token_facts_;
    cloud::Token token_;
    ApiLook api_;
    AddressFacts addresses_;
    DaemonFacts daemon_;
    Findings metadata_findings_;
    Findings api_findings_;
};

}  // namespace hcloud::agent::doctor
