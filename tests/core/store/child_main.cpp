// SPDX-License-Identifier: GPL-3.0-or-later
// main of the store's tests. With --child it is one of the processes that the tests kill, starve or unprivilege.
#include "store_support.h"

#include "base/clock.h"
#include "store/store_check.h"

#include <QCoreApplication>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <grp.h>
#include <sys/resource.h>
#include <unistd.h>

namespace gradus::tests {
int runSuites(int argc, char** argv);

namespace {

/// Writes points for ever; prints "acknowledged N" once steps 0..N of each series are flushed.
int writeForEver(const std::filesystem::path& path, std::int64_t run)
{
    const auto writer = must(store::StoreWriter::open(path));
    events::EventSink& sink = writer->sink(run);
    for (std::int64_t step = 0;; ++step) {
        for (const char* name : {"a", "b", "c"})
            sink.point({name, step, static_cast<double>(step) * 0.5});
        sink.event({"checkpoint", 1, step, "step " + std::to_string(step), ""});
        if (step % 7 != 0) continue;
        must(writer->flush());
        std::printf("acknowledged %lld\n", static_cast<long long>(step));
        std::fflush(stdout);
    }
}

/// Says points for ever and prints "said N." behind each; never flushes.
int sayForEver(const std::filesystem::path& path, std::int64_t run)
{
    const auto writer = must(store::StoreWriter::open(path));
    events::EventSink& sink = writer->sink(run);
    for (std::int64_t step = 0;; ++step) {
        sink.point({"loss", step, static_cast<double>(step) * 0.25});
        std::printf("said %lld.\n", static_cast<long long>(step));
        std::fflush(stdout);
    }
}

/// Writes until files may grow no more; prints what was acknowledged, then the sentence of the failure.
int writeUntilFull(const std::filesystem::path& path, std::int64_t run)
{
    const auto writer = must(store::StoreWriter::open(path));
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{200'000, 200'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    events::EventSink& sink = writer->sink(run);
    for (std::int64_t step = 0; step < 1'000'000; ++step) {
        sink.point({"a", step, 1.0});
        if (step % 50 != 0) continue;
        const auto flushed = writer->flush();
        if (flushed) {
            std::printf("acknowledged %lld\n", static_cast<long long>(step));
            continue;
        }
        sink.point({"a", step + 1, 1.0}); // must be harmless after the failure
        std::printf("%s\n", writer->failed() ? writer->failed()->message.c_str() : "failed() is silent");
        return writer->flush() ? 1 : 0;
    }
    return 2;
}

/// Root ignores permissions, so the rights of nobody are taken on first.
int openUnprivileged(const std::filesystem::path& path)
{
    if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setgid(65534) != 0 || ::setuid(65534) != 0)) return 9;
    const auto reader = store::StoreReader::open(path);
    const auto runs = reader ? reader->runs() : Result<std::vector<store::RunRow>>(reader.error());
    if (runs)
        std::printf("runs %zu\n", runs->size());
    else
        std::printf("reader: %s\n", runs.error().message.c_str());
    const auto writer = store::StoreWriter::open(path);
    std::printf("writer: %s\n", writer ? "opened" : writer.error().message.c_str());
    return 0;
}

int claimAndWait(const std::filesystem::path& path, std::int64_t run)
{
    const auto writer = must(store::StoreWriter::open(path));
    must(writer->claim(run));
    std::printf("claimed\n");
    std::fflush(stdout);
    for (;;)
        ::pause();
}

int runChildVerb(const std::string& verb, const std::filesystem::path& path, std::int64_t run)
{
    try {
        if (verb == "write") return writeForEver(path, run);
        if (verb == "say") return sayForEver(path, run);
        if (verb == "fill") return writeUntilFull(path, run);
        if (verb == "unprivileged") return openUnprivileged(path);
        if (verb == "claim") return claimAndWait(path, run);
    } catch (const std::exception& error) {
        std::printf("%s\n", error.what());
    }
    return 8;
}

} // namespace
} // namespace gradus::tests

int main(int argc, char** argv)
{
    if (argc >= 4 && std::strcmp(argv[1], "--child") == 0)
        return gradus::tests::runChildVerb(argv[2], argv[3], argc > 4 ? std::atoll(argv[4]) : 0);
    const QCoreApplication application(argc, argv);
    return gradus::tests::runSuites(argc, argv);
}
