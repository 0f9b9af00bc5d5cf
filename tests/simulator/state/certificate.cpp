#include "tests/simulator/state/certificate.h"

#include "tests/simulator/certificate_pem.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

std::optional<CertificateError> read_error(ObjectReader& parent) {
    const json* const value = parent.find("error");
    if (value == nullptr) return std::nullopt;
    ObjectReader reader(*value, parent.at("error"));
    CertificateError error{reader.required_text("code"), reader.text("message", "")};
    reader.finish();
    return error;
}

void read_managed(ObjectReader& reader, Certificate& certificate) {
    const bool issued = !certificate.certificate.empty();
    certificate.domain_names = reader.texts("domain_names");
    certificate.issuance = reader.choice("issuance", {"pending", "completed", "failed"},
                                         issued ? "completed" : "pending");
    certificate.renewal =
        reader.choice("renewal", {"scheduled", "pending", "failed", "unavailable"},
                      issued ? "scheduled" : "unavailable");
    certificate.error = read_error(reader);
    if (certificate.domain_names.empty()) reader.fail("domain_names", "is needed");
    if (issued != (certificate.issuance == "completed")) {
        reader.fail("issuance", "is completed if and only if there is a certificate");
    }
}

}  // namespace

Certificate read_certificate(Id id, const json& value, const ObjectReader::Pointer& where) {
    ObjectReader reader(value, where);
    Certificate certificate;
    reader.entity(certificate, fmt::format("certificate-{}", id));
    certificate.type = reader.choice("type", {"uploaded", "managed"}, certificate.type);
    certificate.certificate = reader.text("certificate", "");
    const bool managed = certificate.type == "managed";
    const bool needed = !managed || !certificate.certificate.empty();
    if (needed && !parse_certificate(certificate.certificate)) {
        reader.fail("certificate", "is no chain of certificates in PEM");
    }
    if (managed) read_managed(reader, certificate);
    reader.finish();
    return certificate;
}

json document_of(const Certificate& certificate) {
    json document = entity_document(certificate);
    document["type"] = certificate.type;
    if (!certificate.certificate.empty()) document["certificate"] = certificate.certificate;
    if (certificate.type != "managed") return document;
    document["domain_names"] = certificate.domain_names;
    document["issuance"] = certificate.issuance;
    document["renewal"] = certificate.renewal;
    if (certificate.error) {
        document["error"] = {{"code", certificate.error->code},
                             {"message", certificate.error->message}};
    }
    return document;
}

}  // namespace hcloud::sim
