#include "agent/config/document.h"

#include "agent/config/error.h"
#include "agent/config/suggest.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include <Poco/UTF8Encoding.h>
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/yaml.h>

namespace hcloud::agent::config {

namespace {

/// Ends the document. Inside quotes it is an error, and so tells a text that was cut off: at the
/// end of the input yaml-cpp closes them itself.
constexpr const char* kEnd = "\n...\n";

struct Remedy {
    std::string_view message;  // yaml-cpp's
    std::string_view text;
    std::string_view hint;
};
const std::array<Remedy, 10> kRemedies{
    {{YAML::ErrorMsg::FLOW_END, "expected no closing bracket here", "remove it, or open it before"},
     {YAML::ErrorMsg::DOC_IN_SCALAR, "expected a closing quote before this line",
      "close the quotes above"},
     {YAML::ErrorMsg::TAB_IN_INDENTATION, "expected spaces, got a tab", "indent with spaces"},
     {YAML::ErrorMsg::BAD_FILE, "expected a few levels, got hundreds",
      "remove the brackets or dashes"},
     {YAML::ErrorMsg::END_OF_MAP_FLOW, "expected a , or }", "close the { above"},
     {YAML::ErrorMsg::END_OF_SEQ_FLOW, "expected a , or ]", "close the [ above"},
     {YAML::ErrorMsg::END_OF_MAP, "expected a key and a colon",
      "check the indentation of this line and of the one above"},
     {YAML::ErrorMsg::MAP_VALUE, "expected no colon here",
      "check the indentation, and put quotes around a text with a colon"},
     {YAML::ErrorMsg::UNKNOWN_ANCHOR,
      "expected the name of an anchor after *, got one that is not defined above",
      "put quotes around a text that begins with *"},
     {YAML::ErrorMsg::UNKNOWN_TOKEN, "expected a value, got a character that none may begin with",
      "put quotes around the text"}}};

[[noreturn]] void fail(const std::string& name, int line, int column, std::string text,
                       std::string_view hint) {
    throw ConfigError({{.file = name,
                        .line = line,
                        .column = column,
                        .key = {},
                        .text = std::move(text),
                        .hint = std::string(hint)}});
}

[[noreturn]] void fail_at(const std::string& name, const std::string& text, std::size_t offset,
                          std::string what, std::string_view hint) {
    const auto before = std::string_view(text).substr(0, offset);
    const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    fail(name, static_cast<int>(line), static_cast<int>(offset - line_start) + 1, std::move(what),
         hint);
}

bool is_control(unsigned char byte) {
    return (byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f;
}

void check_characters(const std::string& text, const std::string& name) {
    const Poco::UTF8Encoding utf8;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    for (std::size_t i = 0; i < text.size();) {
        if (is_control(bytes[i])) {
            fail_at(name, text, i,
                    fmt::format("expected text, got the control character 0x{:02x}", bytes[i]),
                    "remove it, or save the file as UTF-8");
        }
        const int available = static_cast<int>(std::min<std::size_t>(text.size() - i, 4));
        const int length = utf8.sequenceLength(bytes + i, available);
        if (length < 1 || length > available || utf8.queryConvert(bytes + i, length) < 0) {
            fail_at(name, text, i, fmt::format("expected UTF-8, got the byte 0x{:02x}", bytes[i]),
                    "save the file as UTF-8");
        }
        i += static_cast<std::size_t>(length);
    }
}

/// Notes where the last document began, and no more.
class DocumentStart : public YAML::EventHandler {
  public:
    void OnDocumentStart(const YAML::Mark& at) override { mark = at; }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}

    YAML::Mark mark;
};

/// Where a second document begins. YAML::LoadAll cannot tell: a stray bracket makes it add empty
/// documents until memory ends (yaml-cpp 0.7); YAML::Load would ignore what follows one.
std::optional<YAML::Mark> second_document(const std::string& text) {
    std::istringstream in(text);
    YAML::Parser parser(in);
    DocumentStart start;
    if (!parser.HandleNextDocument(start) || !parser.HandleNextDocument(start)) return std::nullopt;
    return start.mark;
}

/// Whether yaml-cpp may have taken a part for the whole. A block mapping at the top ends with the
/// text or at one of these markers; anything else that does not belong into it is an error already.
/// Looking for a second document costs as much as reading the first, which a list of a thousand
/// addresses shows.
bool may_end_early(const YAML::Node& root, const std::string& text) {
    const auto start = static_cast<std::size_t>(std::max(root.Mark().pos, 0));
    const bool is_block = root.IsMap() && start < text.size() &&
                          std::isalpha(static_cast<unsigned char>(text[start])) != 0;
    if (!is_block) return true;
    const std::string_view marks[] = {"---", "...", "%"};
    return std::any_of(std::begin(marks), std::end(marks), [&](std::string_view mark) {
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
            if (at == 0 || text[at - 1] == '\n' || text[at - 1] == '\r') return true;
        }
        return false;
    });
}

/// yaml-cpp rarely says that a tab is to blame.
bool is_indented_with_tab(const std::string& text, int line) {
    std::istringstream lines(text);
    std::string found;
    for (int i = 0; i <= line; ++i) {
        if (!std::getline(lines, found)) return false;
    }
    return std::string_view(found).substr(0, found.find_first_not_of(" \t")).find('\t') !=
           std::string::npos;
}

[[noreturn]] void fail_syntax(const YAML::Exception& error, const std::string& text,
                              const std::string& name) {
    const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
    const int line = std::min(error.mark.line + 1, static_cast<int>(lines) + 1);
    const int column = error.mark.column + 1;
    const auto message = is_indented_with_tab(text, error.mark.line)
                             ? YAML::ErrorMsg::TAB_IN_INDENTATION
                             : error.msg;
    const auto* remedy = std::find_if(kRemedies.begin(), kRemedies.end(),
                                      [&](const Remedy& r) { return r.message == message; });
    if (remedy != kRemedies.end())
        fail(name, line, column, "YAML: " + std::string(remedy->text), remedy->hint);
    fail(name, line, column, "expected valid YAML: " + printable(error.msg),
         "check the indentation, colons, brackets and quotes of this line");
}

}  // namespace

YAML::Node parse_document(const std::string& text, const std::string& name) {
    check_characters(text, name);
    try {
        auto root = YAML::Load(text + kEnd);
        if (!may_end_early(root, text)) return root;
        if (const auto mark = second_document(text + kEnd)) {
            fail(name, mark->line + 1, mark->column + 1,
                 "expected one YAML document, got more text after its end",
                 "remove the stray bracket, or the line --- and what follows it");
        }
        return root;
    } catch (const YAML::Exception& error) {
        fail_syntax(error, text, name);
    }
}

}  // namespace hcloud::agent::config
