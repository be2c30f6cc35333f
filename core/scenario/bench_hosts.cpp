// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/bench_hosts.h"

#include "base/clock.h"
#include "base/quantile.h"
#include "base/text.h"
#include "sandbox/joined_cells.h"
#include "scenario/host_path.h"
#include "scenario/shipped.h"

namespace gradus::scenario {

namespace {

constexpr std::uint16_t kPort = 8599;

std::string_view shippedText(std::string_view name)
{
    for (const ShippedFile& file : shippedFiles())
        if (file.name == name) return file.text;
    return {};
}

struct Times
{
    std::vector<double> starts, locals, asks, remotes, ends;
};

/// Runs it on the agent's host and notes how long it took.
Result<void> timed(sandbox::JoinedCells& cells, const std::vector<std::string>& argv, std::vector<double>& into)
{
    const double begun = monotonicSeconds();
    const auto result = cells.host(0).exec({.argv = argv});
    if (!result) return result.error();
    into.push_back(monotonicSeconds() - begun);
    if (result->success()) return {};
    return failed("A command of the bench failed: " + visible(result->output + result->errors, 200) + result->message);
}

Result<void> furnish(sandbox::JoinedCells& cells, const std::string& last)
{
    sandbox::Cell& remote = cells.host(cells.size() - 1);
    const std::string port = std::to_string(kPort);
    const std::string line = port + "\n";
    for (const auto& [cell, path, text] : {std::tuple{&remote, "/tmp/remote.py", shippedText("services/remote.py")},
                                           {&remote, kAccountsFile, std::string_view("ops\topen\n")},
                                           {&cells.host(0), "/tmp/on.py", shippedText("services/on.py")},
                                           {&cells.host(0), "/tmp/PORT", std::string_view(line)}})
        if (const auto written = cell->writeFile(path, text); !written) return written.error();
    const std::string secret = "ops@" + last + " open\n";
    if (const auto written = cells.host(0).writeFile("/home/agent/.secrets", secret); !written) return written.error();
    const auto served = remote.exec({.argv = {"bash", "-c",
                                              "setsid python3 /tmp/remote.py " + port +
                                                  " /tmp/log >/dev/null 2>&1 </dev/null & for i in $(seq 200); do "
                                                  "(exec 3<>/dev/tcp/127.0.0.1/" +
                                                  port + ") 2>/dev/null && exit 0; sleep 0.05; done; exit 1"}});
    if (!served) return served.error();
    if (!served->success()) return failed("The bench's service does not answer; it needs bash and python3 in cells.");
    return {};
}

Result<void> episode(const sandbox::CellOptions& options, const sandbox::NetworkPlan& plan, int commands, Times& times)
{
    double at = monotonicSeconds();
    auto cells = sandbox::JoinedCells::start(options, plan);
    if (!cells) return cells.error();
    times.starts.push_back(monotonicSeconds() - at);
    const std::string last = plan.hosts.back().name;
    if (auto ready = furnish(*cells, last); !ready) return ready;
    const std::string ask = "exec 3<>/dev/tcp/" + plan.hosts.back().address + "/" + std::to_string(kPort) +
                            "; echo '{}' >&3; read -r line <&3";
    for (int i = 0; i < commands; ++i) {
        if (auto done = timed(*cells, {"/bin/true"}, times.locals); !done) return done;
        if (auto done = timed(*cells, {"bash", "-c", ask}, times.asks); !done) return done;
        if (auto done = timed(*cells, {"python3", "/tmp/on.py", "ops@" + last, "true"}, times.remotes); !done)
            return done;
    }
    at = monotonicSeconds();
    cells->shutdown();
    times.ends.push_back(monotonicSeconds() - at);
    return {};
}

} // namespace

Result<HostBench> benchHosts(const sandbox::CellOptions& options, int hosts, int episodes, int commands)
{
    sandbox::NetworkPlan plan{.hosts = {{std::string(kOwnHost), {}}}, .joins = {}};
    for (int i = 1; i < hosts; ++i) {
        plan.hosts.push_back({"host-" + std::to_string(i), "127.0.1." + std::to_string(i)});
        plan.joins.push_back({0, static_cast<std::size_t>(i), kPort});
    }
    sandbox::CellOptions whole = options;
    whole.level = sandbox::Level::SeveralHosts;
    whole.limits = sandbox::episodeLimits(options.limits, whole.level);
    Times times;
    for (int i = 0; i < episodes; ++i)
        if (auto played = episode(whole, plan, commands, times); !played) return played.error();
    return HostBench{.hosts = hosts,
                     .episodes = episodes,
                     .startMedian = quantile(times.starts, 0.5),
                     .startP95 = quantile(times.starts, 0.95),
                     .localMedian = quantile(times.locals, 0.5),
                     .localP95 = quantile(times.locals, 0.95),
                     .askMedian = quantile(times.asks, 0.5),
                     .askP95 = quantile(times.asks, 0.95),
                     .remoteMedian = quantile(times.remotes, 0.5),
                     .remoteP95 = quantile(times.remotes, 0.95),
                     .endMedian = quantile(times.ends, 0.5)};
}

} // namespace gradus::scenario
