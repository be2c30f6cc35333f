// SPDX-License-Identifier: GPL-3.0-or-later
// Finds a honeytoken in bytes, also where it was coded to slip past a search.
#pragma once

#include <string>
#include <string_view>

namespace gradus::scenario {

/// The coding in which `token` stands in `bytes`: "plain", "base64", "hex", "reversed", "split", or empty if it does
/// not. Hex and plain match whatever the case; base64 at any of its three alignments, plain or URL alphabet, over line
/// breaks; split: with up to three separating bytes (white space, punctuation) after each character. Linear in the
/// bytes.
std::string_view codingOf(std::string_view token, std::string_view bytes);

} // namespace gradus::scenario
