// main() of every test that wants a network stack of its own: it starts itself again under
// unshare(1), in a new user, network and mount namespace, and runs its cases there. Without the
// right to make a user namespace (a chroot, some containers) root makes the others alone.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr const char* kInside = "HCLOUD_LAB_INSIDE";

bool can_unshare(const std::string& flags) {
    return std::system(("unshare " + flags + " true 2>/dev/null").c_str()) ==
           0;  // NOLINT(cert-env33-c)
}

[[noreturn]] void enter_namespace(char** argv) {
    std::string flags = "-Urnm";
    if (!can_unshare(flags)) flags = "-nm";
    if (!can_unshare(flags)) {
        std::cerr
            << "these tests need a network namespace, but unshare -Urn and unshare -n both fail "
               "here: run as root, or allow user namespaces\n";
        std::exit(1);
    }
    setenv(kInside, "1", 1);
    const std::string self = std::filesystem::read_symlink("/proc/self/exe");
    std::vector<char*> args;
    for (const char* word : {"unshare", flags.c_str(), "--", self.c_str()}) {
        args.push_back(const_cast<char*>(word));
    }
    for (char** argument = argv + 1; *argument != nullptr; ++argument)
        args.push_back(*argument);
    args.push_back(nullptr);
    execvp("unshare", args.data());
    std::perror("unshare");
    std::exit(1);
}

bool only_lists(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        if (std::string(argv[i]) == "--gtest_list_tests") return true;
    }
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    if (std::getenv(kInside) == nullptr && !only_lists(argc, argv)) enter_namespace(argv);
    if (std::getenv(kInside) != nullptr &&
        std::system("ip link set lo up") != 0) {  // NOLINT(cert-env33-c)
        std::cerr << "cannot bring lo up in the new network namespace\n";
        return 1;
    }
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
