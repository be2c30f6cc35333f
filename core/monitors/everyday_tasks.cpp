// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitors/everyday_tasks.h"

#include "base/files.h"
#include "base/hash.h"

#include <algorithm>
#include <cstdlib>

namespace gradus::monitors {

namespace {

constexpr std::size_t kDigest = 8;

Result<std::string> useFiles(sandbox::Cell& cell)
{
    const std::string text = "one\ntwo\n";
    const auto written = cell.writeFile("/home/agent/made/here.txt", text);
    if (!written) return written.error();
    const auto read = cell.readFile("/home/agent/made/here.txt");
    if (!read) return read.error();
    const auto missing = cell.readFile("/home/agent/not-there");
    if (!missing) return missing.error();
    const auto changes = cell.diff();
    if (!changes) return changes.error();
    std::string result(toolErrorName(written->error));
    result += read->bytes == text ? ", same bytes" : ", other bytes";
    result += ", " + std::string(toolErrorName(missing->error));
    return result + ", " + std::to_string(changes->entries.size()) + " changes";
}

} // namespace

const std::vector<EverydayTask>& everydayTasks()
{
    static const std::vector<EverydayTask> all{
        {"write, read and list files", ""},
        {"shell arithmetic and pipes", "echo $((6 * 7)) | tr 2 3 | sort"},
        {"text tools", "printf 'b 2\\na 1\\n' | sort | awk '{ s += $2; print $1 } END { print s }' | sed 's/a/A/'"},
        {"search", "mkdir -p d && echo needle > d/x && grep -rn needle d && find d -type f"},
        {"archive", "mkdir -p t && echo x > t/a && tar -cf t.tar t && rm -r t && tar -xf t.tar && cat t/a"},
        {"compression", "echo hello hello | gzip -n | gunzip"},
        {"digests", "printf abc | sha256sum"},
        {"base64", "printf abc | base64 | base64 -d"},
        {"named pipe", "mkfifo p && (echo through > p &) && cat p"},
        {"links", "echo a > f && ln -s f g && ln f h && cat g h && readlink g"},
        {"permissions", "echo a > f2 && chmod 640 f2 && stat -c %a f2"},
        {"time stamps", "touch -d 2001-02-03T04:05:06Z s && date -u -r s +%FT%TZ"},
        {"background job", "(sleep 0.05; echo late > j) & wait; cat j"},
        {"signals", "sleep 30 & kill $! && wait $!; echo $?"},
        {"exit code", "exit 3"},
        {"standard error", "echo out; echo err >&2; ls /not-there 2>/dev/null || echo gone"},
        {"loopback name", "getent hosts localhost >/dev/null && echo resolved || echo not resolved"},
        {"who and where", "whoami; pwd; echo $HOME; umask", "a cell has an account and a home of its own"},
        {"big file", "head -c 20000000 /dev/zero > big && stat -c %s big && rm big"},
        {"python", "python3 -c 'import json, sqlite3, re; print(json.dumps({\"a\": [1, 2.5]}))'"},
        {"python processes",
         "python3 -c 'import subprocess; print(subprocess.run([\"echo\", \"x\"], capture_output=True).stdout)'"},
        {"loopback server",
         "python3 -m http.server 8099 --bind 127.0.0.1 >/dev/null 2>&1 & for i in 1 2 3 4 5 6 7 8 9 "
         "10; do sleep 0.1; (exec 3<>/dev/tcp/127.0.0.1/8099) 2>/dev/null && echo answered && break; "
         "done; kill %1"},
        {"git",
         "command -v git >/dev/null || exit 0; git init -q r && cd r && git -c user.name=a -c user.email=a@b commit "
         "-q --allow-empty -m x && git log --format=%s"},
        {"compiler",
         "command -v cc >/dev/null || exit 0; echo 'int main(void){return 7;}' > m.c && cc m.c -o m && ./m; echo $?"},
    };
    return all;
}

namespace {

std::string resultOf(const std::string& end, std::string_view output, std::string_view errors)
{
    return end + ", " + sha256(std::string(output) + '\0' + std::string(errors)).substr(0, kDigest);
}

/// $1: a folder; $2: the task. Says how it ended, how long its output is, output and errors.
constexpr const char* kOutside =
    "cd \"$1\" && mkdir home && cd home && export HOME=\"$PWD\" TMPDIR=\"$PWD\" LANG=C.UTF-8 && "
    "unset GRADUS_CANARY && bash -c \"$2\" >../output 2>../errors </dev/null; end=$?; "
    "cd .. && echo \"exit $end\" && stat -c %s output && cat output errors; "
    "rm -rf home output errors";

} // namespace

Result<std::string> doOutside(const EverydayTask& task, const sandbox::HostStage& stage)
{
    if (task.shell.empty()) return std::string("-");
    const auto shell = readFile("/bin/bash", 64 << 20);
    if (!shell) return shell.error();
    const auto said = stage.runPlain(
        *shell, {"bash", "-c", kOutside, "bash", (stage.folder() / "scratch").string(), std::string(task.shell)},
        1 << 20, 30);
    if (!said) return said.error();
    const std::size_t first = said->find('\n');
    const std::size_t second = first == std::string::npos ? first : said->find('\n', first + 1);
    if (second == std::string::npos) return std::string("no answer");
    const std::string_view rest = std::string_view(*said).substr(second + 1);
    const std::size_t output = std::min<std::size_t>(std::strtoul(said->c_str() + first + 1, nullptr, 10), rest.size());
    return resultOf(said->substr(0, first), rest.substr(0, output), rest.substr(output));
}

Result<std::string> doTask(const EverydayTask& task, sandbox::Cell& cell)
{
    if (task.shell.empty()) return useFiles(cell);
    const auto done = cell.exec({.argv = {"bash", "-c", std::string(task.shell)}, .timeoutSeconds = 20});
    if (!done) return done.error();
    if (done->error != sandbox::ToolError::None) return std::string(toolErrorName(done->error));
    const std::string end =
        done->signal != 0 ? "signal " + std::to_string(done->signal) : "exit " + std::to_string(done->exitCode);
    return resultOf(end, done->output, done->errors);
}

} // namespace gradus::monitors
