// What each error code and each bare status means, row by row.
#include "actions/cloud/error_table.h"

#include <gtest/gtest.h>

namespace hcloud::cloud {
namespace {

using enum ErrorClass;

struct Row {
    std::string code;
    int status;
    ErrorClass error_class;
    Again again;
};

void PrintTo(const Row& row, std::ostream* out) {
    *out << row.status << " " << row.code;
}

class ErrorTable : public testing::TestWithParam<Row> {};

TEST_P(ErrorTable, SaysWhatToDo) {
    const auto& row = GetParam();
    const auto& rule = rule_of(row.code, row.status);
    EXPECT_EQ(rule.error_class, row.error_class);
    EXPECT_EQ(rule.again, row.again);
}

TEST_P(ErrorTable, SaysItOfTheErrorToo) {
    const auto& row = GetParam();
    const Error error({.kind = ErrorKind::rejected, .http_status = row.status, .code = row.code});
    EXPECT_EQ(error.error_class(), row.error_class);
    EXPECT_EQ(error.retryable(), row.error_class == retry_now || row.error_class == retry_later);
}

// The specification of 2026.
INSTANTIATE_TEST_SUITE_P(
    Documented, ErrorTable,
    testing::Values(Row{"json_error", 400, our_fault, Again::never},
                    Row{"unauthorized", 401, not_permitted, Again::never},
                    Row{"token_readonly", 401, not_permitted, Again::never},
                    Row{"forbidden", 403, not_permitted, Again::never},
                    Row{"maintenance", 403, retry_later, Again::backing_off},
                    Row{"resource_limit_exceeded", 403, not_permitted, Again::never},
                    Row{"not_found", 404, gone, Again::never},
                    Row{"firewall_resource_not_found", 404, gone, Again::never},
                    Row{"method_not_allowed", 405, our_fault, Again::never},
                    Row{"uniqueness_error", 409, our_fault, Again::never},
                    Row{"conflict", 409, retry_now, Again::quickly},
                    Row{"deprecated_api_endpoint", 410, gone, Again::never},
                    Row{"resource_unavailable", 412, retry_later, Again::never},
                    Row{"source_port_already_used", 412, our_fault, Again::never},
                    Row{"invalid_input", 422, our_fault, Again::never},
                    Row{"service_error", 422, retry_later, Again::never},
                    Row{"unsupported_error", 422, our_fault, Again::never},
                    Row{"locked", 423, retry_later, Again::unlocked},
                    Row{"protected", 423, not_permitted, Again::never},
                    Row{"rate_limit_exceeded", 429, retry_later, Again::refilled},
                    Row{"server_error", 500, retry_later, Again::backing_off},
                    Row{"unavailable", 503, retry_later, Again::backing_off},
                    Row{"timeout", 504, retry_now, Again::backing_off}));

INSTANTIATE_TEST_SUITE_P(
    OfSingleCallsOrSeenInTheWild, ErrorTable,
    testing::Values(Row{"bad_gateway", 502, retry_now, Again::backing_off},
                    Row{"resource_locked", 423, retry_later, Again::unlocked},
                    Row{"robot_unavailable", 503, retry_later, Again::backing_off},
                    Row{"limit_exceeded_error", 403, not_permitted, Again::never},
                    Row{"firewall_already_applied", 422, already_so, Again::never},
                    Row{"firewall_already_removed", 422, already_so, Again::never},
                    Row{"target_already_defined", 422, already_so, Again::never},
                    Row{"load_balancer_target_not_found", 404, already_so, Again::never},
                    Row{"load_balancer_already_attached", 422, already_so, Again::never},
                    Row{"server_already_attached", 422, already_so, Again::never},
                    Row{"volume_already_attached", 422, already_so, Again::never},
                    Row{"floating_ip_assigned", 422, already_so, Again::never},
                    Row{"primary_ip_assigned", 422, already_so, Again::never},
                    Row{"primary_ip_already_assigned", 422, already_so, Again::never},
                    Row{"firewall_managed_by_label_selector", 422, not_permitted, Again::never},
                    Row{"server_not_attached_to_network", 422, retry_later, Again::never},
                    Row{"load_balancer_not_attached_to_network", 422, retry_later, Again::never},
                    Row{"resolve_cloud_private_targets_error", 422, retry_later, Again::never},
                    Row{"resolve_cloud_public_targets_error", 422, retry_later, Again::never},
                    Row{"placement_error", 412, retry_later, Again::never},
                    Row{"no_space_left_in_location", 412, retry_later, Again::never}));

// The status decides.
INSTANTIATE_TEST_SUITE_P(UnknownCodes, ErrorTable,
                         testing::Values(Row{"must_be_unassigned", 422, our_fault, Again::never},
                                         Row{"server_not_stopped", 422, our_fault, Again::never},
                                         Row{"brand_new", 400, our_fault, Again::never},
                                         Row{"brand_new", 401, not_permitted, Again::never},
                                         Row{"brand_new", 404, gone, Again::never},
                                         Row{"brand_new", 409, our_fault, Again::never},
                                         Row{"brand_new", 423, retry_later, Again::unlocked},
                                         Row{"brand_new", 429, retry_later, Again::refilled},
                                         Row{"brand_new", 503, retry_later, Again::backing_off}));

INSTANTIATE_TEST_SUITE_P(
    BareStatuses, ErrorTable,
    testing::Values(
        Row{"", 400, our_fault, Again::never}, Row{"", 401, not_permitted, Again::never},
        Row{"", 403, not_permitted, Again::never}, Row{"", 404, gone, Again::never},
        Row{"", 405, our_fault, Again::never}, Row{"", 408, retry_now, Again::backing_off},
        Row{"", 409, our_fault, Again::never}, Row{"", 410, gone, Again::never},
        Row{"", 412, retry_later, Again::never}, Row{"", 418, our_fault, Again::never},
        Row{"", 422, our_fault, Again::never}, Row{"", 423, retry_later, Again::unlocked},
        Row{"", 429, retry_later, Again::refilled}, Row{"", 500, retry_later, Again::backing_off},
        Row{"", 501, our_fault, Again::never}, Row{"", 502, retry_now, Again::backing_off},
        Row{"", 503, retry_later, Again::backing_off}, Row{"", 504, retry_now, Again::backing_off},
        Row{"", 599, retry_later, Again::backing_off}));

TEST(ErrorTable, LetsTheCodeDecideWhateverTheStatus) {
    EXPECT_EQ(rule_of("locked", 409).again, Again::unlocked);
    EXPECT_EQ(rule_of("rate_limit_exceeded", 403).error_class, retry_later);
}

}  // namespace
}  // namespace hcloud::cloud
