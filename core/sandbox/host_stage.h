// SPDX-License-Identifier: GPL-3.0-or-later
// The battery's own canaries on the host, and the same probes run outside any cell: the positive controls.
#pragma once

#include "base/result.h"
#include "sandbox/keeper_process.h"

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::sandbox {

struct ProbeAnswer
{
    enum class Outcome
    {
        Open,
        Closed,
        Absent,
        None, ///< no answer
    };
    Outcome outcome = Outcome::None;
    std::string why = "the probe gave no answer"; ///< made visible
};
using ProbeAnswers = std::map<std::string, ProbeAnswer, std::less<>>;

/// Lines "ID open|closed|absent WHY".
ProbeAnswers parseAnswers(std::string_view output);

/// Files in a folder of /var/tmp (not /tmp, which a cell covers even when it shows the host's root), listeners on
/// loopback and on two UNIX sockets, a System V segment, an open descriptor, a victim process. All of it belongs to the
/// account that cells have, so that an ordinary user outside a cell can reach it. Removed by the destructor.
class HostStage
{
public:
    static Result<std::unique_ptr<HostStage>> make();
    ~HostStage();
    HostStage(const HostStage&) = delete;
    HostStage& operator=(const HostStage&) = delete;

    /// KEY=VALUE words for probes outside and inside.
    std::vector<std::string> controlFacts() const;
    std::vector<std::string> cellFacts() const;
    /// Runs a program as the cells' account outside any cell; its standard output, at most cap bytes.
    Result<std::string> runPlain(std::string_view program, const std::vector<std::string>& argv, std::size_t cap,
                                 double seconds) const;
    ProbeAnswers controls(const std::vector<std::string_view>& ids, const std::vector<std::string>& more) const;
    /// Vectors whose canary shows a touch since the last call.
    std::set<std::string_view> touched();

    const std::filesystem::path& folder() const { return m_folder; }
    const std::string& secret() const { return m_secret; } ///< the content of the secret file

private:
    HostStage() = default;
    Result<void> makeFiles();
    Result<void> makeListeners();
    Result<void> makeVictim();

    std::filesystem::path m_folder;
    std::string m_secret;
    std::string m_abstract;
    int m_port = 0;
    int m_shm = -1;
    std::string m_victimPid;
    Descriptor m_tcp, m_abstractSocket, m_fileSocket, m_leak;
    std::unique_ptr<KeeperProcess> m_victim;
    std::size_t m_canarySize = 0;
};

} // namespace gradus::sandbox
