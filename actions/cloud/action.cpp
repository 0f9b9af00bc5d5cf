#include "actions/cloud/action.h"

#include "actions/cloud/fields.h"

#include <algorithm>

namespace hcloud::cloud {

namespace {

Action::Resource read_resource(const Fields& fields) {
    return {fields.required_id("id"), fields.required_text("type")};
}

Action::Error read_error(const Fields& fields) {
    return {fields.text("code").value_or(""), fields.text("message").value_or("")};
}

Action read_action(const Fields& fields) {
    Action action;
    action.id = fields.required_id("id");
    action.command = fields.required_text("command");
    action.status = fields.required_text("status");
    action.progress = static_cast<int>(std::clamp(fields.number("progress").value_or(0), 0., 100.));
    action.started = fields.required_timestamp("started");
    action.finished = fields.timestamp("finished");
    action.resources = fields.list_of("resources", read_resource).value_or(action.resources);
    if (const auto error = fields.object("error")) action.error = read_error(*error);
    return action;
}

}  // namespace

Action parse_action(const nlohmann::json& answer) {
    return read_action(Fields(answer, "").required_object("action"));
}

std::vector<Action> parse_actions(const nlohmann::json& answer) {
    const Fields fields(answer, "");
    fields.required_list("actions");
    return *fields.list_of("actions", read_action);
}

}  // namespace hcloud::cloud
