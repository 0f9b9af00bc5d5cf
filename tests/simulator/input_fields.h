// The fields of a request's body, all checked before anything happens.
#pragma once

#include "tests/simulator/http_types.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hcloud::sim {

/// Reads field by field and reports all bad ones in one invalid_input. A field that is null counts
/// as absent. What is returned for a bad field means nothing: finish() will throw.
class InputFields {
  public:
    explicit InputFields(const Request& request) : InputFields(json_body(request)) {}
    /// For an object inside a body; its fields are reported as "PREFIX.NAME".
    explicit InputFields(nlohmann::json object, std::string prefix = "");

    Id integer(const std::string& name);
    std::optional<Id> optional_integer(const std::string& name);
    std::string required_text(const std::string& name);
    std::optional<std::string> text(const std::string& name);
    /// An id or a name, where clients send either: 1, "1" or "fsn1".
    std::optional<std::string> reference(const std::string& name);
    std::string required_reference(const std::string& name);
    std::optional<bool> boolean(const std::string& name);
    /// Absent: empty if `required` is false.
    std::vector<std::string> texts(const std::string& name, bool required);
    std::vector<Id> integers(const std::string& name);
    /// Checked against the grammar of labels.
    std::optional<Labels> labels();
    /// Absent: `otherwise`, or refused if that is std::nullopt.
    std::string choice(const std::string& name, const std::vector<std::string>& allowed,
                       const std::optional<std::string>& otherwise);
    /// A list of objects, each to be read through an InputFields of its own, whose complaints
    /// absorb() takes over. Absent: empty if `required` is false.
    std::vector<InputFields> objects(const std::string& name, bool required);
    std::optional<InputFields> object(const std::string& name, bool required);
    void absorb(const InputFields& part);

    bool has(const std::string& name) const;
    /// Whether the field is there and null, which some calls tell from its absence.
    bool is_null(const std::string& name) const;
    /// As it is; nullptr if it is absent (and then refused, if `required`).
    const nlohmann::json* find(const std::string& name, bool required);
    /// Whether no field was refused so far.
    bool good() const { return bad_.empty(); }
    void refuse(const std::string& name, const std::string& message);
    /// Throws ApiError 422 invalid_input if there was a bad field.
    void finish() const;

  private:
    nlohmann::json body_;
    std::string prefix_;
    std::vector<std::pair<std::string, std::string>> bad_;
};

}  // namespace hcloud::sim
