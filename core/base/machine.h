// SPDX-License-Identifier: GPL-3.0-or-later
// What this program and this machine are, in words that tell one from another.
#pragma once

#include <string>

namespace gradus {

/// A hash of this program's file: the identity that its linker wrote into it, else its SHA-256; lower-case hex, equal
/// for equal builds. Empty where neither can be read. Found once; any thread.
const std::string& programHash();
/// The processor's own name, as the kernel tells it, control characters made visible; empty where it tells none.
std::string processorName();
std::string systemName(); ///< "Linux x86_64"

} // namespace gradus
