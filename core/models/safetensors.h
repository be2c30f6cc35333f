// SPDX-License-Identifier: GPL-3.0-or-later
// Safetensors files: a strict reader for files from anywhere, and a writer that leaves a complete file or none.
#pragma once

#include "base/parts.h"
#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::models {

/// The first three are read as numbers. Of the others the size is known, so that a file with a mask or a counter in it
/// opens; they are refused where such a tensor is wanted.
enum class ElementType
{
    F32,
    F16,
    BF16,
    F64,
    I64,
    U64,
    I32,
    U32,
    I16,
    U16,
    I8,
    U8,
    Bool,
    F8E4M3,
    F8E5M2,
};
std::size_t bytesOf(ElementType type);     ///< 8, 4, 2 or 1
std::string_view nameOf(ElementType type); ///< as the format writes it: "F32", "BOOL"
inline bool isRead(ElementType type)
{
    return type <= ElementType::BF16;
}

using Metadata = std::map<std::string, std::string>;

/// One tensor as the header describes it. begin and end are byte offsets into the data part; end - begin is the shape's
/// product times the element size, which the parser has checked.
struct TensorEntry
{
    std::string name;
    ElementType type = ElementType::F32;
    std::vector<std::int64_t> shape; ///< empty: a scalar
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// A header that passed every check. Tensors are in the order of their bytes.
struct SafetensorsHeader
{
    std::vector<TensorEntry> tensors;
    Metadata metadata;
    std::size_t dataStart = 0; ///< file offset of the data part
};

/// Parses the head of a file that has fileSize bytes in all; head holds at least the header (the whole file will do).
/// Refused, with the reason: a header that is longer than the file or than 100,000,000 bytes or is not a JSON object of
/// UTF-8 text, unknown element types, unknown or missing or repeated keys, repeated tensor names, shapes whose size
/// overflows or differs from the byte range, ranges that overlap, leave holes or do not cover the data, and data or
/// tensors not aligned to their elements. The message starts with name.
Result<SafetensorsHeader> parseSafetensorsHeader(std::string_view head, std::uint64_t fileSize,
                                                 const std::string& name);

/// A safetensors file mapped read-only. Movable; spans stay valid as long as the object lives. Any number of threads
/// may read at once.
class SafetensorsFile final
{
public:
    /// Bad input when the file is missing, not a regular file, or its header does not pass parseSafetensorsHeader.
    static Result<SafetensorsFile> open(const std::filesystem::path& path);
    ~SafetensorsFile();
    SafetensorsFile(SafetensorsFile&& other) noexcept;
    SafetensorsFile& operator=(SafetensorsFile&& other) noexcept;
    SafetensorsFile(const SafetensorsFile&) = delete;
    SafetensorsFile& operator=(const SafetensorsFile&) = delete;

    const SafetensorsHeader& header() const { return m_header; }
    const TensorEntry* find(std::string_view name) const; ///< nullptr if there is none
    std::span<const std::byte> bytes(const TensorEntry& entry) const;
    /// Tells the system that this tensor's pages have been read and need not stay in memory; they come back when
    /// touched.
    void release(const TensorEntry& entry) const;
    std::span<const std::byte> data() const; ///< all tensors' bytes, in order
    const std::filesystem::path& path() const { return m_path; }

private:
    SafetensorsFile() = default;
    std::filesystem::path m_path;
    SafetensorsHeader m_header;
    const std::byte* m_mapping = nullptr;
    std::size_t m_size = 0;
};

/// A tensor to write; bytes are borrowed until the call returns.
struct TensorBytes
{
    std::string name;
    ElementType type = ElementType::F32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes;
};

/// Their bytes, in their order; borrowed as they are.
Parts partsOf(const std::vector<TensorBytes>& tensors);

/// The file's bytes: header padded with spaces so that the data start on 8 bytes, tensors sorted by element size (wide
/// first, so that all are aligned) and then by name. The same input gives the same bytes.
std::string encodeSafetensors(std::vector<TensorBytes> tensors, const Metadata& metadata);

/// Writes through a temporary file, without a copy of the tensors. Returns the SHA-256 of the file's bytes.
Result<std::string> writeSafetensors(const std::filesystem::path& path, std::vector<TensorBytes> tensors,
                                     const Metadata& metadata);

} // namespace gradus::models
