// Certificates for tests of TLS, made by openssl(1).
#pragma once

#include "tests/lab/command.h"

#include <string>

namespace hcloud::cloud {

/// Files below a directory of their own: NAME.pem and NAME.key.
class Certificates {
  public:
    void make_authority(const std::string& name) const {
        run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
            "-subj /CN=" +
            name + " -addext basicConstraints=critical,CA:TRUE -keyout " + name + ".key -out " +
            name + ".pem");
    }
    /// `hosts` as in "DNS:localhost,IP:127.0.0.1"; expired with days < 0.
    void make(const std::string& name, const std::string& authority, const std::string& hosts,
              int days = 2) const {
        directory_.write(name + ".ext", "subjectAltName=" + hosts + "\n");
        run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=" +
            name + " -keyout " + name + ".key -out " + name + ".csr && openssl x509 -req -in " +
            name + ".csr -CA " + authority + ".pem -CAkey " + authority +
            ".key -CAcreateserial -extfile " + name + ".ext -days " + std::to_string(days) +
            " -out " + name + ".pem");
    }
    std::string file(const std::string& name) const { return directory_.path() + "/" + name; }

  private:
    void run(const std::string& command) const {
        lab::run("cd " + directory_.path() + " && " + command);
    }
    lab::TempDir directory_;
};

}  // namespace hcloud::cloud
