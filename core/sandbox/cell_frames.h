// SPDX-License-Identifier: GPL-3.0-or-later
// Frames with deadlines: what comes out of a cell is hostile, so every length is checked before it is believed.
#pragma once

#include "sandbox/cell.h"
#include "sandbox/keeper_process.h"

#include <optional>
#include <string>

namespace gradus::sandbox {

struct Frame
{
    FrameKind kind{};
    std::string payload;
};

/// Why a cell cannot be talked to any more.
struct FrameFault
{
    EndKind kind = EndKind::Lost;
    std::string sentence;
};

/// False when the pipe is closed or stays full until the deadline (monotonic seconds).
bool sendRequest(int fd, FrameKind kind, std::string_view payload, double deadline);
/// One whole frame of a kind that a cell may send, at most maxReplyBytes; else why not.
std::optional<FrameFault> receiveReply(int fd, Frame& into, double deadline);
/// Any number that is not a tool error is Unknown.
ToolError toolErrorOf(std::uint8_t number);

struct VerbReply
{
    ToolError error = ToolError::None;
    int fault = 0;
    std::uint64_t value = 0;
    std::string bytes;
    std::vector<FileEntry> entries;
};

/// Frames up to the one that ends a verb's answer. More than maxBytes of output or too many entries is a fault.
std::optional<FrameFault> receiveAnswer(int fd, std::uint64_t maxBytes, VerbReply& reply, double deadline);
/// One verb to its last frame: asks, and receives the answer.
std::optional<FrameFault> ask(KeeperProcess& process, FrameKind kind, std::string_view payload, std::uint64_t maxBytes,
                              VerbReply& reply, double seconds);

} // namespace gradus::sandbox
