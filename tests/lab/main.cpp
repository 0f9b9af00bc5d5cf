// main() of every test that wants a network stack of its own: it starts itself again under
// unshare(1), in a new user, network and mount namespace, and runs its cases there. Without the
// right to make a user namespace (a chroot, some containers) root makes the others alone.
//
// Tests that need more users than one (USERS in add_hcloud_test()) need root, or newuidmap(1) and
// lines in /etc/subuid and /etc/subgid: a user namespace has one user otherwise.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr const char* kInside = "HCLOUD_LAB_INSIDE";

#ifdef HCLOUD_LAB_USERS
const std::vector<std::string> kWays = {"-nm", "-nm --map-root-user --map-auto"};
constexpr const char* kNeeds =
    "these tests need several users, in a network namespace: run as root, or install uidmap and "
    "give this user lines in /etc/subuid and /etc/subgid\n";
#else
const std::vector<std::string> kWays = {"-Urnm", "-nm"};
constexpr const char* kNeeds =
    "these tests need a network namespace, but unshare -Urn and unshare -n both fail here: run as "
    "root, or allow user namespaces\n";
#endif

std::string way_in() {
    for (const auto& way : kWays) {
        if (std::system(("unshare " + way + " true 2>/dev/null").c_str()) == 0)
            return way;  // NOLINT(cert-env33-c)
    }
    std::cerr << kNeeds;
    std::exit(1);
}

[[noreturn]] void enter_namespace(char** argv) {
    std::istringstream words(way_in());
    std::vector<std::string> way;
    for (std::string word; words >> word;)
        way.push_back(word);
    setenv(kInside, "1", 1);
    const std::string self = std::filesystem::read_symlink("/proc/self/exe");
    std::vector<char*> args;
    args.push_back(const_cast<char*>("unshare"));
    for (auto& word : way)
        args.push_back(word.data());
    args.push_back(const_cast<char*>("--"));
    args.push_back(const_cast<char*>(self.c_str()));
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
