// TLS certificates.
#pragma once

#include "tests/simulator/state/object_reader.h"

#include <optional>
#include <string>
#include <vector>

namespace hcloud::sim {

/// Why a managed certificate could not be issued or renewed.
struct CertificateError {
    std::string code;
    std::string message;
    bool operator==(const CertificateError&) const = default;
};

/// Dates, fingerprint and, of uploaded ones, the domain names follow from the PEM. Private keys are
/// not kept.
struct Certificate : Entity {
    std::string type = "uploaded";          // or managed
    std::string certificate;                // PEM; empty: not issued yet
    std::vector<std::string> domain_names;  // that a managed one is for
    std::string issuance = "completed";     // pending, completed, failed
    std::string renewal = "unavailable";    // scheduled, pending, failed, unavailable
    std::optional<CertificateError> error;
    bool operator==(const Certificate&) const = default;
};

Certificate read_certificate(Id id, const nlohmann::json& value,
                             const ObjectReader::Pointer& where);
nlohmann::json document_of(const Certificate& certificate);

}  // namespace hcloud::sim
