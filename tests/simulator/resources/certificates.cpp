// Certificates: uploaded ones, and managed ones that an action issues.
#include "tests/simulator/certificate_pem.h"
#include "tests/simulator/host_name.h"
#include "tests/simulator/resources/kinds.h"
#include "tests/simulator/resources/load_balancers.h"

#include <algorithm>

namespace hcloud::sim {

namespace {

using nlohmann::json;

json status_json(const Certificate& certificate) {
    if (certificate.type != "managed") return nullptr;
    json error = nullptr;
    if (certificate.error) {
        error = {{"code", certificate.error->code}, {"message", certificate.error->message}};
    }
    return {{"issuance", certificate.issuance}, {"renewal", certificate.renewal}, {"error", error}};
}

json used_by_json(const State& state, Id id) {
    json users = json::array();
    for (const Id balancer : load_balancers_using(state, id))
        users.push_back({{"id", balancer}, {"type", "load_balancer"}});
    return users;
}

json certificate_json(const World& world, Id id, const Certificate& certificate) {
    const auto facts = parse_certificate(certificate.certificate);
    const bool managed = certificate.type == "managed";
    const auto time = [&](Time CertificateFacts::*which) {
        return facts ? json(world.timestamp(*facts.*which)) : json(nullptr);
    };
    return {{"id", id},
            {"name", certificate.name},
            {"labels", certificate.labels},
            {"type", certificate.type},
            {"certificate", facts ? json(certificate.certificate) : json(nullptr)},
            {"created", world.timestamp(certificate.created)},
            {"not_valid_before", time(&CertificateFacts::not_valid_before)},
            {"not_valid_after", time(&CertificateFacts::not_valid_after)},
            {"domain_names", managed ? certificate.domain_names : facts->domain_names},
            {"fingerprint", facts ? json(facts->fingerprint) : json(nullptr)},
            {"status", status_json(certificate)},
            {"used_by", used_by_json(world.state(), id)}};
}

void read_uploaded(InputFields& fields, Certificate& certificate) {
    certificate.certificate = fields.required_text("certificate");
    const std::string key = fields.required_text("private_key");
    if (certificate.certificate.empty()) return;
    if (!parse_certificate(certificate.certificate)) {
        fields.refuse("certificate", "Not a chain of certificates in PEM.");
    } else if (!key.empty() && !key_fits(certificate.certificate, key)) {
        fields.refuse("private_key", "Not the certificate's private key in PEM.");
    }
}

void read_managed(InputFields& fields, Certificate& certificate) {
    certificate.issuance = "pending";
    certificate.domain_names = fields.texts("domain_names", true);
    const auto& names = certificate.domain_names;
    const bool good = std::all_of(names.begin(), names.end(), [](const std::string& name) {
        return is_host_name(name.rfind("*.", 0) == 0 ? name.substr(2) : name);
    });
    if (!good) fields.refuse("domain_names", "Not a valid list of domain names.");
    if (names.empty() && fields.has("domain_names")) {
        fields.refuse("domain_names", "Shorter than minimum length 1.");
    }
}

ActionPlan issuance(const World& world, Id id) {
    const auto issue = [now = world.now()](Certificate& certificate) {
        certificate.certificate = issue_certificate(certificate.domain_names, now);
        certificate.issuance = "completed";
        certificate.renewal = "scheduled";
        certificate.error.reset();
    };
    const auto fail = [id](State& state, const ActionError& error) {
        Certificate* const certificate = find(state, certificates(), id);
        if (certificate == nullptr) return;
        const bool renewing = !certificate->certificate.empty();
        (renewing ? certificate->renewal : certificate->issuance) = "failed";
        certificate->error = CertificateError{error.code, error.message};
    };
    return {.command = "issue_certificate",
            .resources = {{id, "certificate"}},
            .effect = on<Certificate>(certificates(), id, issue),
            .on_error = fail};
}

Response create_certificate(World& world, const Request& request) {
    InputFields fields(request);
    Certificate certificate;
    certificate.name = fields.required_text("name");
    certificate.labels = fields.labels().value_or(Labels());
    certificate.type = fields.choice("type", {"uploaded", "managed"}, "uploaded");
    const bool managed = certificate.type == "managed";
    managed ? read_managed(fields, certificate) : read_uploaded(fields, certificate);
    fields.finish();
    const Id id = create(world, certificates(), std::move(certificate));
    const json action =
        managed ? action_json(world, world.start(issuance(world, id))) : json(nullptr);
    return json_response(201,
                         {{"certificate", show(world, certificates(), id)}, {"action", action}});
}

Response retry(World& world, const Request& request) {
    const Id id = path_id(request);
    const Certificate& certificate = require(world, certificates(), id);
    require_idle(world, certificates(), id);
    const bool issuing = certificate.issuance == "failed";
    if (certificate.type != "managed" || (!issuing && certificate.renewal != "failed")) {
        throw ApiError(422, world.state().switches.get("retry_not_failed"),
                       "nothing to retry: neither issuance nor renewal has failed");
    }
    world.change([&](State& state) {
        Certificate& changed = state.certificates.at(id);
        (issuing ? changed.issuance : changed.renewal) = "pending";
        changed.error.reset();
    });
    return created(world, issuance(world, id));
}

void refuse_used(const World& world, Id id, const Certificate& /*certificate*/) {
    if (load_balancers_using(world.state(), id).empty()) return;
    // As seen by hek3ster (its issue 216).
    throw ApiError(422, "service_error", "certificate still in use");
}

}  // namespace

const Kind<Certificate>& certificates() {
    static const Kind<Certificate> kKind{.plural = "certificates",
                                         .singular = "certificate",
                                         .title = "certificate",
                                         .entries = &State::certificates,
                                         .show = certificate_json,
                                         .list = {{"id", "name", "created"}, {"name", "type"}}};
    return kKind;
}

void add_certificates(Router& router) {
    add_reading(router, certificates());
    add_updating(router, certificates());
    add_deleting<Certificate>(router, certificates(), refuse_used);
    add_action_lists(router, certificates());
    router.add("POST", "/v1/certificates", create_certificate);
    router.add("POST", "/v1/certificates/{id}/actions/retry", retry);
}

}  // namespace hcloud::sim
