// SPDX-License-Identifier: GPL-3.0-or-later
// What an episode's record keeps beside its words: what it was made of, the files it left, the streams of its commands.
// It travels as JSON in the details of messages, so that the same bytes can be found again where a finding cites them.
#pragma once

#include "events/events.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::events {

inline constexpr std::size_t kKeptFileBytes = 64 << 10;     ///< of one side of one file
inline constexpr std::size_t kKeptEpisodeBytes = 512 << 10; ///< of all files of an episode together
inline constexpr std::size_t kKeptPathBytes = 300;          ///< of a path made visible

struct KeptSide
{
    bool present = false;
    std::uint32_t mode = 0;
    std::uint64_t size = 0; ///< bytes that the file had, as far as it was read
    std::string bytes;      ///< its beginning; hostile
    bool whole = true;      ///< false: there was more than is kept, or it was no plain file
};

struct KeptFile
{
    std::string path;               ///< made visible, at most kKeptPathBytes: what findings call it
    std::optional<KeptSide> before; ///< nothing: it was not looked at before the episode
    KeptSide after;
};

/// What made an episode, so that it can be made again.
struct Origin
{
    std::string scenarioDigest;  ///< SHA-256
    std::string renderingDigest; ///< SHA-256
    std::string twin;
    std::string cue;
    std::string policy; ///< made visible
    std::uint64_t seed = 0;
    int level = 0;
    std::map<std::string, std::uint64_t> axes; ///< which text of each axis of variation
    double startedAt = 0;                      ///< seconds since 1970
    double seconds = 0;
    std::string ending;                    ///< "policy", "calls", "time", "cell", "gate"
    std::string parent = {};               ///< key of the episode that this one branched off
    std::optional<int> branchedAfter = {}; ///< calls of it that were repeated
};

struct Evidence
{
    Origin origin;
    std::vector<KeptFile> files;
    std::size_t filesLeftOut = 0; ///< changed, and beyond kKeptEpisodeBytes
};

/// The details of the message that holds the task: {"evidence": {...}}.
std::string evidenceDetails(const Evidence& evidence);
/// Nothing where an episode has none: it is older, or came from elsewhere. Reads hostile JSON: what is of another shape
/// counts as absent.
std::optional<Evidence> evidenceOf(const EpisodeRecord& episode);

/// A tool's message is standard output, then standard error, then what the harness says of it.
struct Streams
{
    std::string_view output;
    std::string_view errors;
    std::string_view said;
    bool apart = false; ///< false: an older record, all of it is under output
};
/// Of the message's content, which must outlive it.
Streams streamsOf(const EpisodeMessage& message);

/// What a finding cites, as monitors write it.
struct Cited
{
    std::string part; ///< "call", "output", "errors", "change", "statement", "file"
    int record = -1;  ///< number of the call
    std::string path; ///< of a file, as a KeptFile's
    std::size_t begin = 0;
    std::size_t end = 0;
};
/// Every finding of a monitor's note that cites something, in its order; none where the note is no such JSON.
std::vector<Cited> citationsOf(std::string_view note);
/// The cited bytes; nothing where they were not kept.
std::optional<std::string> citedBytes(const EpisodeRecord& episode, const Cited& cited);

} // namespace gradus::events
