#include "tests/simulator/help.h"

#include "tests/simulator/commands.h"
#include "tests/simulator/http_server.h"
#include "tests/simulator/state/state_file.h"
#include "tests/simulator/state/switches.h"

#include <sstream>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

const char* const kServices = R"(
Every address serves all of it:
  /hetzner/v1/metadata, /hetzner/v1/metadata/LEAF, /hetzner/v1/userdata
      The metadata service. The caller is known by its address: the public, private, alias or
      floating IP of a server; else metadata.default_server; else the only server; else 404.
  /v1/...
      The Cloud API: all endpoints of its reference, with state. Changes are Actions: they answer 201
      at once, lock what they change (423) and take effect when they end. --profile 2025-06 is the
      reference as printed, 2026-11 has what changed since.
  /_sim/...
      The admin endpoint, below. It asks for no token: for tests only, never on a public address.

State file, in YAML. Without --state, this is the project:

)";

const char* const kMoreState = R"(
Other kinds have the same form (a mapping by id): primary_ips, volumes, firewalls, load_balancers,
placement_groups, ssh_keys, certificates, images. /_sim/state shows all keys that there are, and --state reads
what it shows. Besides:
  profile: 2026-11                       which API, like --profile
  limits: {servers: 10}                  how many the project may have: 403 resource_limit_exceeded
  out_of_stock: {cpx11: [fsn1, nbg1]}    where a server type cannot be had: 412 resource_unavailable
  action_durations: {create_volume: 6s}  by command (all are below), where it is not action_duration
  failing_actions: {assign_floating_ip: {code: unknown_error, message: no luck, count: 1}}
                                         actions that end in an error; without count all of them
  switches: {assign_to_holder: success}  what nobody has established about the real service; the first
                                         value is the default:
)";

const char* const kForwarding = R"(
Forwarding. With --forward each service of each load balancer listens on the public IPv4 address of its
load balancer (unless public_interface is false) and on its address in the network; with
--forward-listen all of them on that one address. Each connection goes to one of the healthy targets,
round robin, at the destination_port: to the public IPv4 address of a server, or with use_private_ip to
its address in the load balancer's network. What the state says at that moment decides.
  - All protocols are forwarded as plain TCP: nobody ends TLS, looks into HTTP or speaks the proxy protocol.
  - A target that is removed gets no new connections; those that stand go on until they end.
  - A target that refuses a connection closes it: no other is tried. A client that meets no healthy
    target, or is one too many (256 at once), is closed as well.
  - Health checks connect to the check's port (by default the destination_port) every interval: one
    success is healthy, so many failures in a row as retries says are unhealthy. Until then a target
    is unknown. The API shows it for each service; health in the state overrides it. The state may have
    an interval of 1 (second); the API takes no less than 3.
  - Changes of the services are followed within 100 ms. An address that cannot be listened on is named
    once, and tried again.
  A balancer in front of two servers, in the state file:
    load_balancers:
      1:
        private_net: {network: 4711, ip: 10.0.0.5}
        services: [{listen_port: 80, destination_port: 8080, health_check: {interval: 1, timeout: 1}}]
        targets: [{server: 42, use_private_ip: true}, {label_selector: "role=web"}]
  Connections of each target, open, in total and failed, and clients that were turned away:
    curl http://127.0.0.1:8080/_sim/forwarding
)";

const char* const kUse = R"(
Point a client at it, for example after  hcloud-simulator --listen 127.0.0.1:8080
  hcloud-agent         export HCLOUD_ENDPOINT=http://127.0.0.1:8080/v1 HCLOUD_TOKEN=sim-token
                       export HCLOUD_METADATA_ENDPOINT=http://127.0.0.1:8080/hetzner/v1/metadata
  hcloud, the official command-line tool
                       export HCLOUD_ENDPOINT=http://127.0.0.1:8080/v1 HCLOUD_TOKEN=sim-token
                       hcloud floating-ip assign web-vip web2
  curl                 curl -H 'Authorization: Bearer sim-token' http://127.0.0.1:8080/v1/servers

Admin endpoint. Its requests are neither faulted, nor logged, nor counted against the rate limit.
  Lose an action:      curl -X DELETE http://127.0.0.1:8080/_sim/actions/17
  See everything:      curl http://127.0.0.1:8080/_sim/state
  Change anything, with a JSON merge patch (RFC 7386); null removes. A patch that makes no legal state
  answers 422 and changes nothing:
    curl -X PATCH -d '{"servers":{"43":{"private_net":[]}}}' http://127.0.0.1:8080/_sim/state
  What was asked, at most the last 1000 requests, and the total; DELETE forgets them. A status of null
  is a request in progress, 0 one that ended without an answer:
    curl http://127.0.0.1:8080/_sim/requests

Faults. The newest that matches wins. path is exact, or a prefix if it ends in *; method is optional;
count says how many requests, without it: until removed. skip says how many it lets pass before.
    curl -X PUT -d '{"path":"/v1/*","method":"POST","status":503,"count":2}' \
         http://127.0.0.1:8080/_sim/faults
  prints {"id":1}. The kinds:
    "status":500, "body":"...", "content_type":"..."   this answer (the last two are optional)
    "body":"<html>"       200 with this body
    "size":1000000        200 with so many bytes
    "delay":"5s"          the right answer, late
    "hang":true           no answer, until the client leaves or the fault is removed
    "truncate":10         so many bytes of the body that Content-Length promises, then the end
    "trickle":"1s"        one byte of the answer (headers too) each second
    "reset":true          the connection is reset (TCP RST)
    "patch":{...}         another writer: a merge patch of /_sim/state just before the request is
                          handled, with no other request in between; one that makes no legal state is
                          answered with 500
  With delay, truncate, trickle and patch the request takes effect; with the others it does not.
  Somebody else labels the server between a client's read and its write:
    curl -X PUT -d '{"path":"/v1/servers/42","method":"PUT","count":1,
         "patch":{"servers":{"42":{"labels":{"by":"other"}}}}}' http://127.0.0.1:8080/_sim/faults
    curl http://127.0.0.1:8080/_sim/faults                the list
    curl -X DELETE http://127.0.0.1:8080/_sim/faults/1    removes one
    curl -X DELETE http://127.0.0.1:8080/_sim/faults      removes all, and releases what hangs

Exit codes: 0 ended by SIGTERM or SIGINT, 1 cannot listen, 64 bad arguments, 78 bad state file.
)";

/// In lines of at most 100 characters, indented.
std::string wrapped(const std::string& text) {
    constexpr std::size_t kWidth = 100;
    std::string lines;
    std::string line;
    std::istringstream words(text);
    for (std::string word; words >> word; line += " " + word) {
        if (4 + line.size() + word.size() < kWidth) continue;
        lines += "   " + line + "\n";
        line.clear();
    }
    return lines + "   " + line + "\n";
}

}  // namespace

std::string help_text() {
    std::string example;
    std::string line;
    for (const char* c = kExampleState; *c != '\0'; ++c) {
        line += *c;
        if (*c != '\n') continue;
        example += "  " + line;
        line.clear();
    }
    return kServices + example + kMoreState + Switches::help() + "  The commands of actions:\n" +
           wrapped(command_names()) + kForwarding + kUse +
           fmt::format(
               "Each --listen takes {} connections at once, kept-alive and hanging ones "
               "too; more wait. A second\n--listen keeps the admin endpoint within reach.\n",
               HttpServer::kMostConnections);
}

}  // namespace hcloud::sim
