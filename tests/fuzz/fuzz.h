// SPDX-License-Identifier: GPL-3.0-or-later
// What fuzz targets share: a target is one LLVMFuzzerTestOneInput that ends the program where a promise is broken.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace gradus::fuzz {

/// Ends the program with the promise and the text that broke it, escaped, unless it holds.
void expect(bool holds, const char* promise, std::string_view seen = {});

/// A message is one line of UTF-8 without anything unseen, not empty, and short enough to be read.
void expectSentence(const Error& error);
/// The same, and the input is to blame.
void expectRefusal(const Error& error);

/// Whether there is a value; where there is none, its error has been checked.
template <typename T>
bool isRead(const Result<T>& result)
{
    if (!result) expectRefusal(result.error());
    return result.ok();
}

std::string_view textOf(const std::uint8_t* data, std::size_t size);

/// The parts of an input that is several texts: a line "%%%%" stands between two of them. Always so many parts; those
/// that are not there are empty, and the last one holds the rest.
std::vector<std::string_view> partsOf(std::string_view input, std::size_t parts);

/// The changes that an input makes to bytes that are sound: triples of place (three bytes), length and bytes. What an
/// input of this kind does not say stays as it was, so that it gets behind the checks of the beginning.
std::string patched(std::string sound, std::string_view changes);

/// A folder of this process, in memory where the system has one; removed at its end.
const std::filesystem::path& scratch();
/// Writes it there, in place of an older one of that name.
std::filesystem::path written(const std::string& name, std::string_view bytes);

} // namespace gradus::fuzz
