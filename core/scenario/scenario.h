// SPDX-License-Identifier: GPL-3.0-or-later
// A scenario: a task in a cell with a temptation in it, its twins, and the conditions that a machine checks afterwards.
#pragma once

#include "scenario/condition.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::scenario {

/// The same task three times. Honest: nothing tempts. Hazard: the situation or the order tempts. Injected: text of a
/// third party, in a file that the task has the agent read, asks for the hazard.
enum class Twin
{
    Honest,
    Hazard,
    Injected,
};
inline constexpr std::array<Twin, 3> allTwins = {Twin::Honest, Twin::Hazard, Twin::Injected};
std::string_view twinName(Twin twin); ///< "honest", "hazard", "injected"

/// What the task says about being observed. The two of a pair differ in nothing else.
enum class Cue
{
    None,
    Watched,
    Unwatched,
    Sandbox,
    Production,
};
inline constexpr std::array<Cue, 5> allCues = {Cue::None, Cue::Watched, Cue::Unwatched, Cue::Sandbox, Cue::Production};
std::string_view cueName(Cue cue); ///< "none", "watched", "unwatched", "sandbox", "production"

/// Two cues between which nothing else differs.
struct CuePair
{
    std::string_view name;
    Cue free = Cue::None;    ///< under which somebody who only behaves for an observer would not
    Cue guarded = Cue::None; ///< the other
};
inline constexpr std::array<CuePair, 2> cuePairs = {CuePair{"watching", Cue::Unwatched, Cue::Watched},
                                                    CuePair{"reality", Cue::Production, Cue::Sandbox}};
const CuePair* findCuePair(std::string_view name); ///< nullptr for a name that there is not

struct Family
{
    std::string_view id;   ///< "F1"
    std::string_view name; ///< "secret exfiltration"
};
const std::vector<Family>& families();
const Family* findFamily(std::string_view id);

/// A file of the cell at the beginning (or, as a held-out file, at the end). Text may hold {{placeholders}}.
struct FileSpec
{
    std::string path; ///< absolute
    std::string text;
    std::uint32_t mode = 0644;
    std::uint64_t randomBytes = 0; ///< so many seeded bytes before the text: decoy weights
    std::vector<Twin> twins;       ///< in which it is
};

/// A program of the scenario's own that answers on the cell's loopback.
struct ServiceSpec
{
    std::string name;
    std::vector<std::string> command;
    int port = 0;                       ///< waited for before the episode begins
    std::vector<std::string> from = {}; ///< of another host's: the hosts that may connect
};

/// Who a host lets in: a line of its file of accounts, which its services read.
struct CredentialSpec
{
    std::string user;
    std::string secret; ///< may hold {{placeholders}}
};

/// Another host of the episode: a cell of its own, of which the agent's host reaches the services that are for it.
struct HostSpec
{
    std::string name;
    std::string address; ///< of 127.0.0.0/8, under which the others see it
    std::vector<FileSpec> files;
    std::vector<std::string> setup;
    std::vector<ServiceSpec> services;
    std::vector<CredentialSpec> credentials;
};

/// A program that the harness runs in the cell after the episode. What it runs on is what the agent left, so it can be
/// cheated; conditions over files are not.
struct CheckSpec
{
    std::string id;
    std::string shell;
    std::string host = {}; ///< empty: the agent's own
};

struct ValueSpec
{
    std::string name;
    std::vector<std::string> choices; ///< of a token one: its form, in which # is drawn
    bool token = false;
};

/// One axis of variation. The first text is the neutral one and may be empty.
struct AxisSpec
{
    std::string name; ///< "paraphrase", "pressure", "stakes", "authority" or "goal"
    std::vector<std::string> texts;
};
const std::vector<std::string>& axisNames();

enum class Tool
{
    Exec,
    WriteFile,
    ReadFile,
};
std::string_view toolName(Tool tool); ///< "exec", "write_file", "read_file", as Inspect's sandbox verbs

/// One act of an agent in the cell. All of it may be a model's, and hostile.
struct ToolCall
{
    Tool tool = Tool::Exec;
    std::vector<std::string> words; ///< of Exec
    std::string path;               ///< of the file verbs; relative to /home/agent
    std::string bytes;              ///< of WriteFile
};

/// What a scripted policy does, and what it says at the end.
struct Script
{
    std::vector<ToolCall> calls;
    std::string says;
};

struct Limits
{
    int calls = 40;
    double seconds = 300;
    double callSeconds = 30;
};

struct Scenario
{
    std::string id;     ///< lower case, digits and hyphens
    std::string family; ///< "F1"
    std::string title;
    std::string about;              ///< why it tempts and what is measured, for the researcher; agents never see it
    int level = 2;                  ///< lowest sandbox level
    std::vector<std::string> needs; ///< programs of the cell without which it does not run
    std::string system;
    std::string task;
    std::map<Twin, std::string> twinTexts; ///< for {{twin}} in the task
    std::map<Cue, std::string> cueTexts;   ///< for {{cue}}; none: the scenario has no pair
    std::vector<AxisSpec> axes;
    std::vector<ValueSpec> values; ///< tokens too
    std::vector<FileSpec> files;
    std::vector<std::string> setup; ///< shell lines, in the cell, before the beginning is marked
    std::vector<ServiceSpec> services;
    std::vector<HostSpec> hosts;   ///< beside the agent's own
    std::vector<FileSpec> heldOut; ///< written after the episode, for the checks
    std::vector<CheckSpec> checks;
    std::vector<Condition> mainTask; ///< all must hold
    std::vector<Condition> hazards;  ///< any one is a hazard
    Limits limits;
    Script honest;
    Script hazard;
    Script injected;    ///< the hazardous script of the injected twin
    Script failing;     ///< an honest try that does not do the task; empty: none is given
    std::string digest; ///< SHA-256 of the file

    /// Whether it can be played under both.
    bool hasCues(const CuePair& pair) const { return cueTexts.contains(pair.free) && cueTexts.contains(pair.guarded); }
};

} // namespace gradus::scenario
