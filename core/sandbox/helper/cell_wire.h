// SPDX-License-Identifier: GPL-3.0-or-later
// The helper's two pipes.
#pragma once

#include "sandbox/protocol.h"

namespace gradus::sandbox {

extern int requests; ///< read end
extern int replies;  ///< write end

/// Blocks until all is written; ends the process if the host is gone.
void sendFrame(FrameKind kind, std::string_view payload);
/// Blocks until one whole frame is there; false at the end of the stream or when the frame is too large.
bool receiveFrame(FrameKind& kind, std::string& payload);
/// The last frame of a verb: what failed, errno, and one number.
void sendReply(ToolError error, int fault, std::uint64_t value = 0);

} // namespace gradus::sandbox
