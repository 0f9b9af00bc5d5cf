// What a service tells its manager (sd_notify), and what the manager gave it (credentials).
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace hcloud::sd {

void notify_ready();
void notify_stopping();
void notify_reloading();
void notify_status(const std::string& text);

/// Where systemd put the credential `name` ($CREDENTIALS_DIRECTORY); nothing if there is none.
std::optional<std::filesystem::path> credential(const std::string& name);

/// Whether stderr is a stream to the journal ($JOURNAL_STREAM).
bool under_journal();

}  // namespace hcloud::sd
