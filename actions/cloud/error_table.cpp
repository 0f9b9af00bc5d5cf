#include "actions/cloud/error_table.h"

#include <algorithm>
#include <array>

namespace hcloud::cloud {

namespace {

using enum ErrorClass;

// Statuses from the API's specification of 2026; those below the blank lines were seen in the wild
// or are documented for single calls.
constexpr std::array kCodes = {
    ErrorRule{"json_error", 400, our_fault, Again::never},
    ErrorRule{"unauthorized", 401, not_permitted, Again::never},
    ErrorRule{"token_readonly", 401, not_permitted, Again::never},
    ErrorRule{"forbidden", 403, not_permitted, Again::never},
    ErrorRule{"maintenance", 403, retry_later, Again::backing_off},
    ErrorRule{"resource_limit_exceeded", 403, not_permitted, Again::never},
    ErrorRule{"not_found", 404, gone, Again::never},
    ErrorRule{"firewall_resource_not_found", 404, gone, Again::never},
    ErrorRule{"method_not_allowed", 405, our_fault, Again::never},
    ErrorRule{"uniqueness_error", 409, our_fault, Again::never},
    ErrorRule{"conflict", 409, retry_now, Again::quickly},
    ErrorRule{"deprecated_api_endpoint", 410, gone, Again::never},
    ErrorRule{"resource_unavailable", 412, retry_later, Again::never},
    ErrorRule{"source_port_already_used", 412, our_fault, Again::never},
    ErrorRule{"invalid_input", 422, our_fault, Again::never},
    ErrorRule{"service_error", 422, retry_later, Again::never},
    ErrorRule{"unsupported_error", 422, our_fault, Again::never},
    ErrorRule{"locked", 423, retry_later, Again::unlocked},
    ErrorRule{"protected", 423, not_permitted, Again::never},
    ErrorRule{"rate_limit_exceeded", 429, retry_later, Again::refilled},
    ErrorRule{"server_error", 500, retry_later, Again::backing_off},
    ErrorRule{"unavailable", 503, retry_later, Again::backing_off},
    ErrorRule{"timeout", 504, retry_now, Again::backing_off},

    ErrorRule{"bad_gateway", 502, retry_now, Again::backing_off},
    ErrorRule{"resource_locked", 0, retry_later, Again::unlocked},
    ErrorRule{"robot_unavailable", 0, retry_later, Again::backing_off},
    ErrorRule{"limit_exceeded_error", 0, not_permitted, Again::never},

    // What a change that was made already is answered with.
    ErrorRule{"firewall_already_applied", 422, already_so, Again::never},
    ErrorRule{"firewall_already_removed", 422, already_so, Again::never},
    ErrorRule{"target_already_defined", 422, already_so, Again::never},
    ErrorRule{"load_balancer_target_not_found", 0, already_so, Again::never},
    ErrorRule{"load_balancer_already_attached", 422, already_so, Again::never},
    ErrorRule{"server_already_attached", 422, already_so, Again::never},
    // These may name another holder.
    ErrorRule{"volume_already_attached", 0, already_so, Again::never},
    ErrorRule{"floating_ip_assigned", 422, already_so, Again::never},
    ErrorRule{"primary_ip_assigned", 422, already_so, Again::never},
    ErrorRule{"primary_ip_already_assigned", 422, already_so, Again::never},

    ErrorRule{"firewall_managed_by_label_selector", 422, not_permitted, Again::never},
    // Right after the server was attached to the load balancer's network, too.
    ErrorRule{"server_not_attached_to_network", 422, retry_later, Again::never},
    ErrorRule{"load_balancer_not_attached_to_network", 422, retry_later, Again::never},
    ErrorRule{"resolve_cloud_private_targets_error", 422, retry_later, Again::never},
    ErrorRule{"resolve_cloud_public_targets_error", 422, retry_later, Again::never},
    // No room in a location or on a host.
    ErrorRule{"placement_error", 0, retry_later, Again::never},
    ErrorRule{"no_space_left_in_location", 0, retry_later, Again::never},
};

constexpr std::array kStatuses = {
    ErrorRule{"", 401, not_permitted, Again::never},
    ErrorRule{"", 403, not_permitted, Again::never},
    ErrorRule{"", 404, gone, Again::never},
    ErrorRule{"", 408, retry_now, Again::backing_off},
    ErrorRule{"", 410, gone, Again::never},
    ErrorRule{"", 412, retry_later, Again::never},
    ErrorRule{"", 423, retry_later, Again::unlocked},
    ErrorRule{"", 429, retry_later, Again::refilled},
    ErrorRule{"", 500, retry_later, Again::backing_off},
    ErrorRule{"", 501, our_fault, Again::never},
    ErrorRule{"", 502, retry_now, Again::backing_off},
    ErrorRule{"", 503, retry_later, Again::backing_off},
    ErrorRule{"", 504, retry_now, Again::backing_off},
};

constexpr ErrorRule kOther5xx{"", 500, retry_later, Again::backing_off};
constexpr ErrorRule kOther{"", 400, our_fault, Again::never};

}  // namespace

const ErrorRule& rule_of(std::string_view code, int status) {
    const auto* by_code = std::find_if(kCodes.begin(), kCodes.end(),
                                       [&](const ErrorRule& rule) { return rule.code == code; });
    if (by_code != kCodes.end()) return *by_code;
    const auto* by_status =
        std::find_if(kStatuses.begin(), kStatuses.end(),
                     [&](const ErrorRule& rule) { return rule.status == status; });
    if (by_status != kStatuses.end()) return *by_status;
    return status >= 500 && status < 600 ? kOther5xx : kOther;
}

}  // namespace hcloud::cloud
