// The seam between deciding and doing: observe the host's network, apply changes to it.
#pragma once

#include "actions/host/change.h"
#include "actions/host/types.h"

#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace hcloud::host {

/// The netlink socket itself failed, or a dump could not be completed. Nothing was concluded from
/// it.
class Error : public std::runtime_error {
  public:
    Error(const std::string& context, int code);
    int code() const { return code_; }  // errno

  private:
    int code_;
};

/// What became of one change.
struct Outcome {
    enum class Kind {
        done,
        already,  // EEXIST: somebody else configured the same; it is theirs
        gone,     // to be deleted, but it or its link was gone already
        failed,
    };
    Kind kind = Kind::done;
    int code = 0;         // errno of `failed`
    std::string message;  // of `failed`: errno's text and the kernel's extended error text
    bool operator==(const Outcome&) const = default;
};

/// Calls block for as long as the kernel takes, never longer; one thread.
class Network {
  public:
    virtual ~Network() = default;

    /// Links, addresses and routes: everything, or host::Error: never a part.
    virtual Snapshot observe() = 0;

    /// Our table in nf_tables, which observe() leaves out: where nf_tables is a module, to ask is
    /// to load it. Throws nothing: the guard is no reason to leave the rest alone.
    virtual GuardState observe_guard() = 0;

    /// In order, one outcome a change; a failure does not stop the rest. Throws host::Error only
    /// when the socket fails.
    virtual std::vector<Outcome> apply(std::span<const Change> changes) = 0;
};

}  // namespace hcloud::host
