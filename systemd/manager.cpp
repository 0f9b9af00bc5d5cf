#include "systemd/manager.h"

#include <cstdlib>
#include <memory>
#include <system_error>

#include <systemd/sd-bus.h>

namespace hcloud::sd {

namespace {

void check_bus(int result, const char* what) {
    if (result < 0) throw std::system_error(-result, std::generic_category(), what);
}

}  // namespace

std::string system_state() {
    sd_bus* opened = nullptr;
    check_bus(sd_bus_open_system(&opened), "cannot ask systemd over D-Bus");
    const std::unique_ptr<sd_bus, decltype(&sd_bus_flush_close_unref)> bus(
        opened, sd_bus_flush_close_unref);
    char* state = nullptr;
    check_bus(sd_bus_get_property_string(
                  bus.get(), "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
                  "org.freedesktop.systemd1.Manager", "SystemState", nullptr, &state),
              "systemd does not say its SystemState");
    const std::unique_ptr<char, decltype(&free)> owner(state, free);
    return state;
}

}  // namespace hcloud::sd
