#include "tests/simulator/help.h"

#include "tests/simulator/state_file.h"

namespace hcloud::sim {

namespace {

const char* const kServices = R"(
Every address serves all of it:
  /hetzner/v1/metadata, /hetzner/v1/metadata/LEAF, /hetzner/v1/userdata
      The metadata service. The caller is known by its address: the public, private, alias or
      floating IP of a server; else metadata.default_server; else the only server; else 404.
  /v1/...
      The Cloud API as of November 2026: servers, floating_ips, networks, actions; assign and unassign
      of floating IPs; attach_to_network, detach_from_network and change_alias_ips of servers. Changes
      are Actions: they answer 201 at once, lock the server (423) and take effect when they end.
  /_sim/...
      The admin endpoint, below. It asks for no token: for tests only, never on a public address.

State file, in YAML. Without --state, this is the project:

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
  See everything:      curl http://127.0.0.1:8080/_sim/state
  Change anything, with a JSON merge patch (RFC 7386); null removes. A patch that makes no legal state
  answers 422 and changes nothing:
    curl -X PATCH -d '{"servers":{"43":{"private_net":[]}}}' http://127.0.0.1:8080/_sim/state
  What was asked, at most the last 1000 requests, and the total; DELETE forgets them. A status of null
  is a request in progress, 0 one that ended without an answer:
    curl http://127.0.0.1:8080/_sim/requests

Faults. The newest that matches wins. path is exact, or a prefix if it ends in *; method is optional;
count says how many requests, without it: until removed.
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
  With delay, truncate and trickle the request takes effect; with the others it does not.
    curl http://127.0.0.1:8080/_sim/faults                the list
    curl -X DELETE http://127.0.0.1:8080/_sim/faults/1    removes one
    curl -X DELETE http://127.0.0.1:8080/_sim/faults      removes all, and releases what hangs

Exit codes: 0 ended by SIGTERM or SIGINT, 1 cannot listen, 64 bad arguments, 78 bad state file.
)";

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
    return kServices + example + kUse;
}

}  // namespace hcloud::sim
