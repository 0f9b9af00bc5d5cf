#include "agent/doctor/token_place.h"

#include "agent/config/environment.h"
#include "agent/daemon/host_files.h"
#include "systemd/notify.h"

#include <optional>
#include <string>

#include <unistd.h>

namespace hcloud::agent::doctor {

namespace {

constexpr const char* kOfTheUnit = "/run/credentials/hcloud-agent.service/hcloud-token";

void take(const TokenSource& found, TokenPlace& place) {
    place.facts.problem = found.problem;
    place.token = found.token;
}

TokenPlace from_file(View& view, const std::string& path) {
    TokenPlace place;
    place.facts.source = path;
    const auto real = view.real(path);
    place.facts.refused = access(real.c_str(), F_OK) == 0 && access(real.c_str(), R_OK) != 0;
    if (place.facts.refused) {
        view.refused(path);
        return place;
    }
    take(token_in(real).value_or(TokenSource{{}, real.string() + " is empty"}), place);
    return place;
}

// Where there is no token the unit makes a blank one.
std::optional<TokenSource> from_the_unit(const View& view) {
    const auto real = view.real(kOfTheUnit);
    if (access(real.c_str(), R_OK) != 0) return std::nullopt;
    return token_in(real);
}

std::optional<TokenSource> from_own_credential() {
    const auto path = sd::credential("hcloud-token");
    return path ? token_in(*path) : std::nullopt;
}

// Instead of what was found before, whose file keeps its mode.
void replace(TokenPlace& place, const char* source, const TokenSource& found) {
    place.facts.source = source;
    place.facts.refused = false;
    take(found, place);
}

}  // namespace

TokenPlace find_token_place(const Config& config, View& view) {
    TokenPlace place;
    const std::string named = config.api.token_file;
    if (!named.empty() || view.exists(kTokenFile)) {
        const auto file = named.empty() ? kTokenFile : named;
        place = from_file(view, file);
        if (const auto found = view.stat(file)) place.facts.mode = found->mode;
    }
    if (!named.empty()) return place;
    // The daemon prefers its credential; the packaged one is the usual file, or stands in for it.
    if (const auto own = from_own_credential()) {
        replace(place, "credential hcloud-token", *own);
    } else if (const auto unit = from_the_unit(view); unit && place.token.empty()) {
        replace(place, kOfTheUnit, *unit);
    } else if (place.facts.source.empty() && environment("HCLOUD_TOKEN") != nullptr) {
        replace(place, "$HCLOUD_TOKEN", find_token(config));
    }
    return place;
}

}  // namespace hcloud::agent::doctor
