#include "metadata/yaml.h"

#include "metadata/parse.h"
#include "metadata/text.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>

namespace hcloud::metadata {

namespace {

constexpr int kMaxDepth = 32;
constexpr int kMaxNodes = 10000;
/// Ends the document. At the end of its input yaml-cpp closes open quotes by itself, and so takes a
/// text that was cut off for a whole one.
constexpr const char* kEnd = "\n...\n";

/// Walks through the document before any tree of it is built: yaml-cpp builds it recursively.
class Limits : public YAML::EventHandler {
  public:
    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ > 1) refuse(mark, "a second YAML document");
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { count(mark, anchor); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
        refuse(mark, "a YAML alias");
    }
    void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  const std::string& /*value*/) override {
        count(mark, anchor);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        enter(mark, anchor);
    }
    void OnSequenceEnd() override { --depth_; }
    void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        enter(mark, anchor);
    }
    void OnMapEnd() override { --depth_; }

  private:
    [[noreturn]] static void refuse(const YAML::Mark& mark, const std::string& what) {
        throw ParseError(fmt::format("line {}: {} is not accepted", mark.line + 1, what));
    }
    void count(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor != YAML::NullAnchor) refuse(mark, "a YAML anchor");
        if (++nodes_ > kMaxNodes) refuse(mark, fmt::format("more than {} nodes", kMaxNodes));
    }
    void enter(const YAML::Mark& mark, YAML::anchor_t anchor) {
        count(mark, anchor);
        if (++depth_ > kMaxDepth) {
            refuse(mark, fmt::format("nesting deeper than {}", kMaxDepth));
        }
    }

    int documents_ = 0;
    int nodes_ = 0;
    int depth_ = 0;
};

[[noreturn]] void wrong_type(const std::string& key, const char* expected, const YAML::Node& node) {
    throw ParseError(fmt::format("{}: expected {}, got {}", key, expected, kind_of(node)));
}

}  // namespace

YAML::Node load_untrusted(const std::string& body) {
    // yaml-cpp takes byte 4 for the end of its input, and YAML knows no other control characters.
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\r' && c != '\t';
    };
    if (std::any_of(body.begin(), body.end(), is_control)) {
        throw ParseError("not YAML: a control character");
    }
    const auto text = body + kEnd;
    try {
        std::istringstream stream(text);
        YAML::Parser parser(stream);
        Limits limits;
        while (parser.HandleNextDocument(limits)) {
        }
        return YAML::Load(text);
    } catch (const YAML::Exception& error) {
        throw ParseError(fmt::format("not YAML: line {}, column {}: {}", error.mark.line + 1,
                                     error.mark.column + 1, printable(error.msg)));
    }
}

std::string kind_of(const YAML::Node& node) {
    if (node.IsSequence()) return "a list";
    if (node.IsMap()) return "a mapping";
    if (node.IsScalar()) return "text " + in_quotes(node.Scalar());
    return "nothing";
}

std::optional<std::string> text_at(const YAML::Node& mapping, const std::string& key) {
    const auto node = mapping[key];
    if (!node.IsDefined() || node.IsNull()) return std::nullopt;
    if (!node.IsScalar()) wrong_type(key, "text", node);
    return node.Scalar();
}

std::string required_text_at(const YAML::Node& mapping, const std::string& key) {
    const auto text = text_at(mapping, key);
    if (!text) throw ParseError(key + " is missing");
    return *text;
}

std::optional<std::int64_t> number_at(const YAML::Node& mapping, const std::string& key) {
    const auto text = text_at(mapping, key);
    if (!text) return std::nullopt;
    std::int64_t number = 0;
    const char* last = text->data() + text->size();
    const auto [end, error] = std::from_chars(text->data(), last, number);
    if (error != std::errc{} || end != last || number < 0) {
        throw ParseError(fmt::format("{}: {} is not a number", key, in_quotes(*text)));
    }
    return number;
}

}  // namespace hcloud::metadata
