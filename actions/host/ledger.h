// Which addresses are ours and what for: written before the change, so that a killed agent knows.
//
// On kernels with IFA_PROTO the mark on the address decides whether it is ours, and the ledger only
// adds the purpose. Without it the ledger alone decides.
#pragma once

#include "actions/host/ledger_entry.h"
#include "actions/host/state_file.h"

#include <filesystem>
#include <string>
#include <vector>

namespace hcloud::host {

using LedgerError = StateFileError;

class Ledger {
  public:
    virtual ~Ledger() = default;
    virtual std::vector<LedgerEntry> load() = 0;                     // throws LedgerError
    virtual void save(const std::vector<LedgerEntry>& entries) = 0;  // atomic; throws LedgerError
};

/// A JSON file, replaced by rename. One written in an earlier boot (other boot id) counts as empty,
/// since its addresses died with that boot; a file that does not parse throws, naming path and
/// reason.
class FileLedger : public Ledger {
  public:
    explicit FileLedger(std::filesystem::path path);
    std::vector<LedgerEntry> load() override;
    void save(const std::vector<LedgerEntry>& entries) override;

  private:
    std::filesystem::path path_;
};

}  // namespace hcloud::host
