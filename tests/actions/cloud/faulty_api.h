// An API of one kind of resource that misbehaves on demand, and counts what it was asked for and
// what came of it.
#pragma once

#include "tests/lab/scripted_server.h"

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::cloud {

/// POST /volumes makes a volume, each time another one; GET /volumes?name=… lists them.
class FaultyApi {
  public:
    struct Fault {
        /// Whether it does what it was asked for all the same.
        bool obeys = false;
        /// In place of the answer. False: the connection is over.
        std::function<bool(lab::ScriptedServer::Peer&)> answer;
    };

    /// The first `times` requests of that method meet the fault.
    FaultyApi(Fault fault, std::string method, int times)
        : fault_(std::move(fault)), method_(std::move(method)), times_(times) {}

    std::string url() const { return server_.url("/v1"); }

    int requests(const std::string& method) const {
        int count = 0;
        for (const auto& request : server_.requests())
            count += request.starts_with(method + " ") ? 1 : 0;
        return count;
    }
    int volumes() const {
        const std::lock_guard lock(mutex_);
        return volumes_;
    }

  private:
    void serve(lab::ScriptedServer::Peer& peer) {
        while (peer.read_request()) {
            const auto& request = peer.request();
            const bool faulty = request.starts_with(method_ + " ") && requests(method_) <= times_;
            if (!faulty) {
                peer.send(obey(request));
                continue;
            }
            if (fault_.obeys) obey(request);
            if (!fault_.answer(peer)) return;
        }
    }

    std::string obey(const std::string& request) {
        const std::lock_guard lock(mutex_);
        const nlohmann::json volume{{"id", 7}, {"name", "data"}};
        if (request.starts_with("POST /v1/volumes ")) {
            ++volumes_;
            return lab::http(nlohmann::json{{"volume", volume}}.dump(), "201 Created");
        }
        auto list = nlohmann::json::array();
        for (int i = 0; i < volumes_; ++i)
            list.push_back(volume);
        return lab::http(nlohmann::json{{"volumes", list}}.dump());
    }

    const Fault fault_;
    const std::string method_;
    const int times_;
    mutable std::mutex mutex_;
    int volumes_ = 0;
    lab::ScriptedServer server_{{[this](lab::ScriptedServer::Peer& peer) { serve(peer); }}};
};

}  // namespace hcloud::cloud
