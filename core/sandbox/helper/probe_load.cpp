// SPDX-License-Identifier: GPL-3.0-or-later
// Probes that use something up, only as far as just beyond the limit they test, and give it back.
#include "sandbox/helper/probe.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <new>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gradus::sandbox::probe {

namespace {

Answer manyProcesses(const Facts& facts)
{
    const long wanted = number(facts, "processes");
    long made = 0;
    for (; made < wanted; ++made) {
        const pid_t pid = fork();
        if (pid < 0) break;
        if (pid == 0) {
            alarm(5);
            pause();
            _exit(0);
        }
    }
    signal(SIGTERM, SIG_IGN);
    kill(0, SIGTERM); // this probe has a process group of its own
    const std::string count = std::to_string(made) + " processes";
    return made == wanted ? opened(count) : closed("after " + count);
}

Answer addressSpace(const Facts& facts)
{
    const auto bytes = static_cast<std::size_t>(number(facts, "heap"));
    void* const memory =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return closedBy(errno);
    munmap(memory, bytes); // never touched
    return opened(std::to_string(bytes >> 20) + " MiB were mapped");
}

bool fill(const std::string& folder, long bytes)
{
    static char chunk[1 << 20];
    bool whole = true;
    long left = bytes;
    int files = 0;
    for (; left > 0 && whole; ++files) {
        const int fd =
            open((folder + "/gradus-fill-" + std::to_string(files)).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        whole = fd >= 0;
        for (int i = 0; i < 4 && left > 0 && whole; ++i) {
            whole = write(fd, chunk, sizeof chunk) == static_cast<ssize_t>(sizeof chunk);
            left -= static_cast<long>(sizeof chunk);
        }
        if (fd >= 0) close(fd);
    }
    for (int i = 0; i < files; ++i)
        unlink((folder + "/gradus-fill-" + std::to_string(i)).c_str());
    return whole;
}

Answer disk(const Facts& facts)
{
    const std::string folders = fact(facts, "folders");
    const long bytes = number(facts, "disk");
    for (std::size_t from = 0; from < folders.size();) {
        const std::size_t to = std::min(folders.find(':', from), folders.size());
        const std::string folder = folders.substr(from, to - from);
        if (fill(folder, bytes)) return opened(folder + " took " + std::to_string(bytes >> 20) + " MiB");
        from = to + 1;
    }
    return closed("No space left on device");
}

Answer files(const Facts& facts)
{
    const std::string folder = fact(facts, "scratch") + "/gradus-files";
    const long wanted = number(facts, "inodes");
    mkdir(folder.c_str(), 0700);
    long made = 0;
    for (; made < wanted; ++made) {
        const int fd = open((folder + "/" + std::to_string(made)).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) break;
        close(fd);
    }
    usleep(static_cast<useconds_t>(number(facts, "hold")) * 1000); // time for a watchdog to see it
    for (long i = 0; i < made; ++i)
        unlink((folder + "/" + std::to_string(i)).c_str());
    rmdir(folder.c_str());
    return made == wanted ? opened(std::to_string(made) + " files")
                          : closed("after " + std::to_string(made) + " files");
}

Answer totalMemory(const Facts& facts)
{
    const auto each = static_cast<std::size_t>(number(facts, "memory")) / 4;
    const int made = heldTogether(4, number(facts, "hold"), [each](int) {
        void* const memory = mmap(nullptr, each, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) return false;
        std::memset(memory, 1, each);
        return true;
    });
    return made == 4 ? opened("four processes held all of it") : closed("only " + std::to_string(made) + " of four");
}

Answer processorTime(const Facts& facts)
{
    const auto wanted = 1e-3 * static_cast<double>(number(facts, "cpu-milliseconds"));
    volatile unsigned long turns = 0;
    while (static_cast<double>(clock()) / CLOCKS_PER_SEC < wanted)
        for (int i = 0; i < 100000; ++i)
            turns = turns + 1;
    return opened("it used " + std::to_string(wanted) + " s");
}

/// A process that no longer belongs to anyone, under a name that the battery looks for.
Answer daemon(const Facts& facts)
{
    const std::string name = fact(facts, "daemon");
    if (fork() == 0) {
        setsid();
        for (const int number : {SIGTERM, SIGHUP, SIGINT, SIGQUIT})
            signal(number, SIG_IGN);
        if (fork() != 0) _exit(0);
        prctl(PR_SET_NAME, name.c_str());
        for (int fd = 0; fd < 64; ++fd)
            close(fd);
        sleep(30);
        _exit(0);
    }
    wait(nullptr);
    return opened("it was started");
}

Answer trap(const Facts& facts)
{
    const std::string scratch = fact(facts, "scratch");
    if (symlink(fact(facts, "secret").c_str(), (scratch + "/gradus-out").c_str()) != 0) return closedBy(errno);
    if (mkfifo((scratch + "/gradus-fifo").c_str(), 0600) != 0) return closedBy(errno);
    std::string deep = scratch + "/d";
    for (int i = 0; i < 100 && mkdir(deep.c_str(), 0700) == 0; ++i)
        deep += "/d";
    return opened("a link, a pipe and a deep tree were made");
}

Answer controls(const Facts&)
{
    return opened("\x1b]0;owned\x07\x1b[2J \xe2\x80\xae \xff");
}

Answer flood(const Facts& facts)
{
    static char chunk[64 << 10];
    std::memset(chunk, 'x', sizeof chunk);
    for (long left = number(facts, "flood"); left > 0; left -= static_cast<long>(sizeof chunk))
        if (write(1, chunk, sizeof chunk) < 0) return closedBy(errno);
    return opened("all of it was written");
}

} // namespace

int heldTogether(int processes, long holdMilliseconds, const std::function<bool(int process)>& take)
{
    constexpr int kLooks = 2000; // 20 s: one of them may be ended before it has taken anything
    struct Count
    {
        std::atomic<int> took;
        std::atomic<int> failed;
    };
    void* const shared = mmap(nullptr, sizeof(Count), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return 0;
    auto* const count = new (shared) Count{};
    int begun = 0;
    for (; begun < processes; ++begun) {
        const pid_t pid = fork();
        if (pid < 0) break;
        if (pid == 0) {
            ++(take(begun) ? count->took : count->failed);
            for (int look = 0; look < kLooks && count->took < processes && count->failed == 0; ++look)
                usleep(10000);
            if (count->took < processes) _exit(1);
            usleep(static_cast<useconds_t>(holdMilliseconds) * 1000);
            _exit(0);
        }
    }
    if (begun < processes) ++count->failed;
    int held = 0;
    for (int status = 0; wait(&status) > 0;)
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0) ++held;
    munmap(shared, sizeof(Count));
    return held;
}

std::vector<Entry> loadProbes()
{
    return {{"fork-bomb", manyProcesses},
            {"heap", addressSpace},
            {"disk", disk},
            {"inodes", files},
            {"total-memory", totalMemory},
            {"processor-time", processorTime},
            {"daemon", daemon},
            {"trap", trap},
            {"output-controls", controls},
            {"output-flood", flood}};
}

} // namespace gradus::sandbox::probe
