// SSH keys.
#include "tests/simulator/resources/kinds.h"

#include <algorithm>

namespace hcloud::sim {

namespace {

using nlohmann::json;

json ssh_key_json(const World& world, Id id, const SshKey& key) {
    return {{"id", id},
            {"name", key.name},
            {"fingerprint", *ssh_fingerprint(key.public_key)},
            {"public_key", key.public_key},
            {"labels", key.labels},
            {"created", world.timestamp(key.created)}};
}

void refuse_known(const State& state, const SshKey& key) {
    const auto fingerprint = ssh_fingerprint(key.public_key);
    const bool known = std::any_of(
        state.ssh_keys.begin(), state.ssh_keys.end(),
        [&](const auto& entry) { return ssh_fingerprint(entry.second.public_key) == fingerprint; });
    if (!known) return;
    throw ApiError(409, "uniqueness_error", "SSH key with the same fingerprint already exists",
                   {{"fields", {{{"name", "public_key"}}}}});
}

Response create_ssh_key(World& world, const Request& request) {
    InputFields fields(request);
    SshKey key;
    key.name = fields.required_text("name");
    key.public_key = fields.required_text("public_key");
    key.labels = fields.labels().value_or(Labels());
    if (!key.public_key.empty() && !ssh_fingerprint(key.public_key)) {
        fields.refuse("public_key", "Not a valid SSH public key.");
    }
    fields.finish();
    refuse_known(world.state(), key);
    const Id id = create(world, ssh_keys(), std::move(key));
    return json_response(201, {{"ssh_key", show(world, ssh_keys(), id)}});
}

}  // namespace

const Kind<SshKey>& ssh_keys() {
    static const Kind<SshKey> kKind{"ssh_keys",   "ssh_key",
                                    "SSH key",    &State::ssh_keys,
                                    ssh_key_json, {{"id", "name"}, {"name", "fingerprint"}}};
    return kKind;
}

void add_ssh_keys(Router& router) {
    add_reading(router, ssh_keys());
    add_updating(router, ssh_keys());
    add_deleting(router, ssh_keys());
    router.add("POST", "/v1/ssh_keys", create_ssh_key);
}

}  // namespace hcloud::sim
