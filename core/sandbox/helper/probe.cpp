// SPDX-License-Identifier: GPL-3.0-or-later
// probe KEY=VALUE... -- ID...: runs probes, each in a process of its own, and prints "ID open|closed|absent WHY" a
// line.
#include "sandbox/helper/probe.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gradus::sandbox::probe {

Answer opened(std::string why)
{
    return {Outcome::Open, std::move(why)};
}
Answer closed(std::string why)
{
    return {Outcome::Closed, std::move(why)};
}

Answer closedBy(int code)
{
    const bool absent = code == ENOSYS || code == EAFNOSUPPORT || code == EPROTONOSUPPORT || code == ESOCKTNOSUPPORT;
    return {absent ? Outcome::Absent : Outcome::Closed, std::strerror(code)};
}

std::string fact(const Facts& facts, const char* key)
{
    const auto found = facts.find(key);
    return found == facts.end() ? std::string() : found->second;
}

long number(const Facts& facts, const char* key)
{
    return std::strtol(fact(facts, key).c_str(), nullptr, 10);
}

std::string contents(const std::string& path)
{
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) return {};
    std::string all(64 << 10, '\0');
    const ssize_t count = read(fd, all.data(), all.size());
    close(fd);
    all.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return all;
}

namespace {

std::vector<int> startDescriptors;

void noteDescriptors()
{
    for (int fd = 3; fd < 1024; ++fd)
        if (fcntl(fd, F_GETFD) >= 0) startDescriptors.push_back(fd);
}

/// Does as it is told by signals, so that the battery sees from outside whether one arrived.
[[noreturn]] void beVictim()
{
    static int heard = 0;
    prctl(PR_SET_NAME, "gradus-victim");
    signal(SIGUSR1, [](int) { ++heard; });
    const std::string pid = std::to_string(getpid()) + "\n";
    if (write(1, pid.data(), pid.size()) < 0) _exit(1);
    for (int second = 0; second < 600;) {
        const int before = heard;
        if (sleep(1) == 0) ++second;
        if (heard != before && write(1, "s", 1) < 0) _exit(1);
        if (getppid() == 1) _exit(0);
    }
    _exit(0);
}

void runOne(const Entry& entry, const Facts& facts)
{
    int answer[2];
    if (pipe2(answer, O_CLOEXEC) != 0) return;
    std::fflush(stdout);
    const pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        alarm(10);
        const Answer made = entry.run(facts);
        const char* word = made.outcome == Outcome::Open     ? "open "
                           : made.outcome == Outcome::Absent ? "absent "
                                                             : "closed ";
        const std::string line = word + made.why;
        if (write(answer[1], line.data(), line.size()) < 0) _exit(1);
        _exit(0);
    }
    close(answer[1]);
    char line[512];
    const ssize_t count = pid < 0 ? 0 : read(answer[0], line, sizeof line);
    close(answer[0]);
    int status = 0;
    if (pid > 0) waitpid(pid, &status, 0);
    if (pid > 0) kill(-pid, SIGKILL);
    if (count > 0)
        std::printf("%s %.*s\n", entry.id, static_cast<int>(count), line);
    else if (pid > 0 && WIFSIGNALED(status) && WTERMSIG(status) != SIGALRM)
        std::printf("%s closed the process was ended by signal %d\n", entry.id, WTERMSIG(status));
    else
        std::printf("%s fault no answer\n", entry.id);
}

} // namespace

const std::vector<int>& inherited()
{
    return startDescriptors;
}

} // namespace gradus::sandbox::probe

int main(int argc, char** argv)
{
    using namespace gradus::sandbox::probe;
    noteDescriptors();
    if (argc == 2 && std::strcmp(argv[1], "victim") == 0) beVictim();
    if (argc == 5 && std::strcmp(argv[1], "serve") == 0) return serve(argv[2], argv[3], argv[4]);
    if (argc == 4 && std::strcmp(argv[1], "reach") == 0) return reach(argv[2], argv[3]);
    Facts facts;
    int at = 1;
    for (; at < argc && std::strcmp(argv[at], "--") != 0; ++at) {
        const std::string word = argv[at];
        const std::size_t equals = word.find('=');
        if (equals != std::string::npos) facts[word.substr(0, equals)] = word.substr(equals + 1);
    }
    std::vector<Entry> all = fileProbes();
    for (const auto& more : {processProbes(), kernelProbes(), loadProbes(), socketProbes()})
        all.insert(all.end(), more.begin(), more.end());
    for (++at; at < argc; ++at) {
        const auto entry =
            std::find_if(all.begin(), all.end(), [&](const Entry& one) { return std::strcmp(one.id, argv[at]) == 0; });
        if (entry == all.end()) return 64;
        runOne(*entry, facts);
    }
    return 0;
}
