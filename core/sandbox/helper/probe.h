// SPDX-License-Identifier: GPL-3.0-or-later
// One containment probe: tries one thing, leaves nothing behind, says whether it worked. Benign and bounded.
#pragma once

#include <cerrno>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::sandbox::probe {

/// What the battery says about its own canaries, as KEY=VALUE words: nothing else of the host is ever tried.
using Facts = std::map<std::string, std::string>;

enum class Outcome
{
    Open,
    Closed,
    Absent, ///< the kernel has no such thing
};

struct Answer
{
    Outcome outcome = Outcome::Closed;
    std::string why;
};

Answer opened(std::string why);
Answer closed(std::string why);
/// Closed with the text of errno; Absent where errno says that there is no such call or family.
Answer closedBy(int code);

struct Entry
{
    const char* id;
    Answer (*run)(const Facts&);
};

std::vector<Entry> fileProbes();
std::vector<Entry> processProbes();
std::vector<Entry> kernelProbes();
std::vector<Entry> loadProbes();
std::vector<Entry> socketProbes();

/// A service in the background that says the word to whoever connects; 0 once it listens. At most a minute.
int serve(const char* address, const char* port, const char* word);
/// Prints what a service says, or why it cannot be reached; not 0 where it could not be tried.
int reach(const char* address, const char* port);

/// Several processes hold something at once: each takes, waits until all have, and holds it so long. How many did, to
/// the end. (On a busy machine they would else come one after the other, and no total would ever be reached.)
int heldTogether(int processes, long holdMilliseconds, const std::function<bool(int process)>& take);

std::string fact(const Facts& facts, const char* key);
long number(const Facts& facts, const char* key);
/// At most 64 KiB of a file; empty if it cannot be read.
std::string contents(const std::string& path);
/// Descriptors above 2 that this program was started with.
const std::vector<int>& inherited();

} // namespace gradus::sandbox::probe
