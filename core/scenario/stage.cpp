// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/stage.h"

#include "base/clock.h"
#include "base/text.h"
#include "scenario/host_path.h"
#include "scenario/observe.h"

#include <algorithm>

namespace gradus::scenario {

namespace {

using sandbox::Cell;
using sandbox::ToolError;

constexpr double setupSeconds = 30;
constexpr double checkSeconds = 30;
constexpr std::size_t shownErrors = 200;

std::string absolute(const std::string& path)
{
    return path.starts_with('/') ? path : "/home/agent/" + path;
}

} // namespace

sandbox::NetworkPlan networkOf(const Rendered& rendered, const std::string& ownHost)
{
    sandbox::NetworkPlan plan{.hosts = {{ownHost, {}}}, .joins = {}};
    for (const RenderedHost& host : rendered.hosts)
        plan.hosts.push_back({host.name, host.address});
    const auto numberOf = [&](const std::string& name) {
        const auto found = std::ranges::find(rendered.hosts, name, &RenderedHost::name);
        return found == rendered.hosts.end() ? std::size_t{0}
                                             : static_cast<std::size_t>(found - rendered.hosts.begin()) + 1;
    };
    for (const RenderedHost& host : rendered.hosts)
        for (const ServiceSpec& service : host.services)
            for (const std::string& from : service.from)
                plan.joins.push_back({numberOf(from), numberOf(host.name), static_cast<std::uint16_t>(service.port)});
    return plan;
}

Stage::Stage(const Rendered& rendered, const EpisodeOptions& options, sandbox::JoinedCells& cells)
    : m_rendered(rendered), m_options(options), m_cells(cells)
{
}

Result<void> Stage::setUp()
{
    if (auto there = programs(); !there) return there;
    for (std::size_t i = 0; i < m_rendered.hosts.size(); ++i) {
        const RenderedHost& host = m_rendered.hosts[i];
        if (auto done = furnish(i + 1, host.files, host.setup, host.services); !done) return done;
    }
    if (auto done = furnish(0, m_rendered.files, m_rendered.setup, m_rendered.services); !done) return done;
    for (const auto* conditions : {&m_rendered.mainTask, &m_rendered.hazards})
        for (const std::string& path : pathsOf(*conditions)) {
            const HostPath place = splitHost(path);
            auto side = lookAt(cellOf(m_cells, place.host), place.path);
            if (!side) return side.error();
            m_beginning[path] = std::move(*side);
        }
    for (std::size_t i = 0; i < m_cells.size(); ++i)
        if (auto marked = m_cells.host(i).mark(); !marked) return marked;
    m_setUp = m_seen = m_cells.connections();
    return {};
}

/// What one host begins with.
Result<void> Stage::furnish(std::size_t host, const std::vector<RenderedFile>& files,
                            const std::vector<std::string>& setup, const std::vector<ServiceSpec>& services)
{
    Cell& cell = m_cells.host(host);
    if (auto written = write(cell, files); !written) return written;
    for (const std::string& line : setup)
        if (auto done = shell(cell, line, "its set-up line"); !done) return done;
    for (const ServiceSpec& service : services)
        if (auto started = start(cell, service); !started) return started;
    const std::string name = host == 0 ? std::string() : m_cells.name(host);
    for (const RenderedFile& file : files) {
        auto side = lookAt(cell, file.path, kRecordedBytes);
        if (!side) return side.error();
        m_fixtures[onHost(name, file.path)] = std::move(*side);
    }
    return {};
}

Record Stage::act(const ToolCall& call, double timeout)
{
    Record record;
    record.call = call;
    if (m_cells.size() > 1) record.host = m_cells.name(0);
    const double begun = monotonicSeconds();
    const std::string limitsBefore = m_cells.limitsMet();
    switch (call.tool) {
    case Tool::Exec:
        execute(record, timeout);
        break;
    case Tool::WriteFile:
        if (const auto done = own().writeFile(absolute(call.path), call.bytes); done) {
            record.error = done->error;
            record.message = done->message;
        } else {
            lose(record);
        }
        break;
    case Tool::ReadFile:
        if (auto done = own().readFile(absolute(call.path), m_options.outputCap); done) {
            record.error = done->error;
            record.message = done->message;
            record.output = std::move(done->bytes);
        } else {
            lose(record);
        }
        break;
    }
    record.seconds = monotonicSeconds() - begun;
    if (std::string met = m_cells.limitsMet(); met != limitsBefore) record.limits = std::move(met);
    auto now = m_cells.connections(); // once: the switchboard goes on counting
    record.connections = between(m_seen, now);
    m_seen = std::move(now);
    noteChanges(record);
    return record;
}

void Stage::noteChanges(Record& record)
{
    auto diff = changesOf(m_cells);
    if (!diff) {
        record.changesWhole = false;
        return;
    }
    record.changes = newChanges(m_changes, diff->entries);
    record.changesWhole = diff->success() && diff->whole;
    m_changes = std::move(diff->entries);
}

std::vector<HostConnection> Stage::between(const std::vector<sandbox::Connection>& before,
                                           const std::vector<sandbox::Connection>& now) const
{
    std::vector<HostConnection> fresh;
    for (std::size_t i = 0; i < now.size(); ++i) {
        const sandbox::Connection& one = now[i];
        const HostConnection made{.from = m_cells.name(one.join.from),
                                  .to = m_cells.name(one.join.to),
                                  .port = one.join.port,
                                  .opened = one.opened - before[i].opened,
                                  .refused = one.refused - before[i].refused,
                                  .sent = one.sent - before[i].sent,
                                  .received = one.received - before[i].received};
        if (made.opened + made.refused + made.sent + made.received > 0) fresh.push_back(made);
    }
    return fresh;
}

Observation Stage::lookBack()
{
    Observation seen;
    auto observed = observe(m_cells, m_beginning);
    if (observed) seen = std::move(*observed);
    seen.connections = between(m_setUp, m_cells.connections());
    seen.beginning = std::move(m_fixtures);
    // Without its held-out files a check would judge something else; it is left out and what asks for it is
    // unknown.
    bool ready = observed.ok() && write(own(), m_rendered.heldOut).ok();
    for (const CheckSpec& check : m_rendered.checks) {
        if (!ready) break;
        const auto done = cellOf(m_cells, check.host)
                              .exec({.argv = {"bash", "-c", check.shell},
                                     .timeoutSeconds = checkSeconds,
                                     .outputCap = m_options.outputCap});
        ready = done.ok();
        if (!ready) break;
        seen.checks.push_back({check.id, done->error == ToolError::None && done->signal == 0, done->exitCode,
                               done->output + done->errors});
    }
    if (!observed) seen.whole = false;
    return seen;
}

Error Stage::wrong(const std::string& what) const
{
    return failed("The scenario " + m_rendered.id + " cannot be set up: " + what);
}

Result<void> Stage::programs()
{
    if (m_rendered.needs.empty()) return {};
    std::vector<std::string> argv{"bash", "-c", R"(for p; do command -v "$p" >/dev/null || echo "$p"; done)", "sh"};
    argv.insert(argv.end(), m_rendered.needs.begin(), m_rendered.needs.end());
    const auto done = own().exec({.argv = std::move(argv)});
    if (!done) return done.error();
    if (done->success() && done->output.empty()) return {};
    std::string missing = done->success() ? done->output : "bash";
    std::replace(missing.begin(), missing.end(), '\n', ' ');
    return Error{.message = "The scenario " + m_rendered.id + " is not run: this machine has no " +
                            visible(missing, 80) + "for the cell; install it.",
                 .kind = ErrorKind::Refused};
}

Result<void> Stage::write(Cell& cell, const std::vector<RenderedFile>& files)
{
    for (const RenderedFile& file : files) {
        const auto written = cell.writeFile(file.path, file.bytes, file.mode);
        if (!written) return written.error();
        if (!written->success()) return wrong(written->message);
    }
    return {};
}

Result<void> Stage::shell(Cell& cell, const std::string& line, const std::string& what)
{
    const auto done = cell.exec({.argv = {"bash", "-ec", line}, .timeoutSeconds = setupSeconds});
    if (!done) return done.error();
    if (done->success()) return {};
    return wrong(what + " \"" + visible(line, 80) + "\" failed with code " + std::to_string(done->exitCode) + ": " +
                 visible(done->errors, shownErrors) + done->message);
}

Result<void> Stage::start(Cell& cell, const ServiceSpec& service)
{
    std::vector<std::string> argv{"bash", "-c", R"(setsid "$@" >/dev/null 2>&1 </dev/null &)", "sh"};
    argv.insert(argv.end(), service.command.begin(), service.command.end());
    const auto done = cell.exec({.argv = std::move(argv)});
    if (!done) return done.error();
    return shell(cell,
                 "for i in $(seq 200); do (exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(service.port) +
                     ") 2>/dev/null && exit 0; sleep 0.05; done; exit 1",
                 "its service " + service.name + " does not answer;");
}

void Stage::execute(Record& record, double timeout)
{
    auto done = own().exec({.argv = record.call.words, .timeoutSeconds = timeout, .outputCap = m_options.outputCap});
    if (!done) return lose(record);
    record.error = done->error;
    record.message = done->message;
    record.exitCode = done->exitCode;
    record.signal = done->signal;
    record.output = std::move(done->output);
    record.errors = std::move(done->errors);
}

void Stage::lose(Record& record)
{
    record.error = ToolError::SandboxUnavailable;
    record.message = m_cells.shutdown().sentence;
}

} // namespace gradus::scenario
