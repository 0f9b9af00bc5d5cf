#include "agent/config/load.h"

#include "agent/config/document.h"
#include "agent/config/file.h"
#include "agent/config/reader.h"

namespace hcloud::agent {

Config parse_config(const std::string& text, const std::string& name) {
    return config::read_config(config::parse_document(text, name), name);
}

Config load_config(const std::filesystem::path& path, IfMissing if_missing) {
    const auto text = config::read_file(path);
    if (text) return parse_config(*text, path.string());
    if (if_missing == IfMissing::defaults) return {};
    throw ConfigError(
        {{.file = path.string(),
          .text = "expected a file, got nothing of that name",
          .hint = "create it (an empty one means all defaults) or name another with --config"}});
}

}  // namespace hcloud::agent
