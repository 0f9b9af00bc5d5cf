// What a faulty API does to a connection in place of a good answer. True: it goes on serving there.
#pragma once

#include "tests/lab/scripted_server.h"

#include <chrono>
#include <functional>
#include <string>
#include <utility>

namespace hcloud::cloud {

using Answer = std::function<bool(lab::ScriptedServer::Peer&)>;

inline Answer says(std::string bytes) {
    return [bytes = std::move(bytes)](lab::ScriptedServer::Peer& peer) {
        peer.send(bytes);
        return true;
    };
}

inline Answer says_and_closes(std::string bytes) {
    return [bytes = std::move(bytes)](lab::ScriptedServer::Peer& peer) {
        peer.send(bytes);
        return false;
    };
}

inline Answer resets() {
    return [](lab::ScriptedServer::Peer& peer) {
        peer.reset();
        return false;
    };
}

inline Answer hangs() {
    return [](lab::ScriptedServer::Peer& peer) {
        peer.hang();
        return false;
    };
}

inline Answer trickles() {
    return [](lab::ScriptedServer::Peer& peer) {
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        peer.trickle(std::string(1000, ' '), std::chrono::seconds(1));
        return false;
    };
}

}  // namespace hcloud::cloud
