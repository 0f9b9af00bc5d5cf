// X.509 certificates in PEM: what one says, whether a key fits, and new ones.
#pragma once

#include "tests/simulator/state/entity.h"

#include <optional>
#include <string>
#include <vector>

namespace hcloud::sim {

struct CertificateFacts {
    Time not_valid_before;
    Time not_valid_after;
    std::vector<std::string> domain_names;  // the alternative names, or else the common name
    std::string fingerprint;                // SHA-1, "03:c7:…"
};

/// Of the first of a chain; std::nullopt if the text is no chain in PEM in which each certificate
/// is issued by the next.
std::optional<CertificateFacts> parse_certificate(const std::string& chain);

/// Whether this is a private key in PEM, without passphrase, and that of the chain's first
/// certificate.
bool key_fits(const std::string& chain, const std::string& private_key);

/// A certificate for those names, valid for 90 days, whose key nobody has. The names must be host
/// names, "*." before them allowed. Throws std::runtime_error.
std::string issue_certificate(const std::vector<std::string>& domain_names, Time from);

}  // namespace hcloud::sim
